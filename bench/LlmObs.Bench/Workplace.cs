using System.Reflection;

namespace LlmObs.Bench;

/// <summary>Paths. All output goes to out/bench, which git ignores and Clean removes.</summary>
internal static class Workplace
{
    public static string Root { get; } = Path.GetFullPath(Read("RepositoryRoot"));

    public static string Work { get; } = Path.Combine(Root, "out", "bench");

    public static string Data { get; } = Path.Combine(Work, "data");

    public static string TypeScript { get; } = Path.Combine(Work, "typescript");

    public static string ModuleVersion { get; } = Read("ModuleVersion");

    public static string ModuleOutput { get; } = Path.Combine(Work, "module", "LlmObs", ModuleVersion);

    /// <summary>The folder of the installed modules that are measured: LlmObs, as it comes out of its package.</summary>
    public static string Modules { get; set; } = Path.Combine(Work, "modules");

    public static string ModuleFolder => Path.Combine(Modules, "LlmObs", ModuleVersion);

    public static string ModuleManifest => Path.Combine(ModuleFolder, "LlmObs.psd1");

    public static string Results { get; } = Source("RESULTS.md");

    /// <summary>A file of bench/ in the repository.</summary>
    public static string Source(params string[] parts) => Path.Combine([Root, "bench", .. parts]);

    /// <summary>A program that is built with this one.</summary>
    public static string Beside(string name) => Path.Combine(AppContext.BaseDirectory, name);

    /// <summary>An empty folder, which its user removes.</summary>
    public static string FreshFolder(string name)
    {
        string folder = Path.Combine(Work, name);
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(folder);
        return folder;
    }

    private static string Read(string key) =>
        typeof(Workplace).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(one => one.Key == key).Value!;
}
