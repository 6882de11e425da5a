using System.Reflection;

namespace LlmObs.Testing;

/// <summary>Paths that the build knows.</summary>
internal static partial class Repository
{
    public static string ModuleManifest { get; } = Path.Combine(Read("ModuleOutput"), "LlmObs.psd1");

    public static string Tests => Path.Combine(Root, "tests", "LlmObs.Module.Tests");

    public static string Quickstart { get; } = Read("Quickstart");

    private static string Read(string key) =>
        Path.GetFullPath(typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(one => one.Key == key).Value!);
}
