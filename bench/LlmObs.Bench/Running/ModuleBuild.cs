using System.IO.Compression;
using System.Runtime.InteropServices;

namespace LlmObs.Bench.Running;

/// <summary>
/// Builds the module as it is shipped, in Release, packs it, and installs the package in a folder of the benchmark's own.
/// out/LlmObs is left alone: what lies there may be a Debug build, and the tests look there.
/// </summary>
internal static class ModuleBuild
{
    // What belongs to a package and not to the module; Install-PSResource leaves it out.
    private static readonly string[] PackageParts = ["_rels/", "package/", "[Content_Types].xml", "LlmObs.nuspec"];

    /// <summary>True if the dependencies hold machine code; without it they are compiled as they run.</summary>
    public static bool IsPrecompiled => File.Exists(Path.Combine(Workplace.ModuleFolder, "deps", RuntimeInformation.RuntimeIdentifier, "LlmObs.Client.dll"));

    public static async Task RunAsync()
    {
        await BuildAsync(Workplace.Root, Workplace.ModuleOutput);
        string package = Workplace.FreshFolder("package");
        await MeasuredProgram.RunAsync(
            "pwsh",
            [
                "-NoLogo", "-NoProfile", "-NonInteractive", "-File", Path.Combine(Workplace.Root, "tools", "package", "New-ModulePackage.ps1"),
                "-ModuleFolder", Workplace.ModuleOutput, "-Destination", package,
            ],
            MeasuredProgram.ShortLimit,
            keepProxy: true);
        Install(Directory.EnumerateFiles(package, "*.nupkg").Single());
    }

    /// <summary>Builds the module of another revision of the repository.</summary>
    /// <returns>The folder of modules that it is in, unpacked as the present one.</returns>
    /// <exception cref="BenchException">There is no such revision, or it can't be built.</exception>
    public static async Task<string> RunAsync(string revision)
    {
        string source = Workplace.FreshFolder("other-source");
        string modules = Workplace.FreshFolder("other-modules");
        await MeasuredProgram.RunAsync("git", ["-C", Workplace.Root, "worktree", "prune"], MeasuredProgram.ShortLimit);
        await MeasuredProgram.RunAsync("git", ["-C", Workplace.Root, "worktree", "add", "--quiet", "--force", "--detach", source, revision], MeasuredProgram.ShortLimit);
        try
        {
            await BuildAsync(source, Path.Combine(modules, "LlmObs", Workplace.ModuleVersion));
        }
        finally
        {
            await MeasuredProgram.RunAsync("git", ["-C", Workplace.Root, "worktree", "remove", "--force", source], MeasuredProgram.ShortLimit);
        }

        return modules;
    }

    private static Task BuildAsync(string source, string output) => MeasuredProgram.RunAsync(
        "dotnet",
        [
            "build", Path.Combine(source, "src", "LlmObs.PowerShell", "LlmObs.PowerShell.csproj"),
            "--configuration", "Release", "--nologo", "--verbosity", "quiet",
            $"-p:ModuleOutput={output}{Path.DirectorySeparatorChar}",
            $"-p:PrecompiledRuntimes={RuntimeInformation.RuntimeIdentifier}",
            "-nodeReuse:false", "-p:UseSharedCompilation=false", // leave no process behind
        ],
        MeasuredProgram.LongLimit,
        keepProxy: true);

    private static void Install(string package)
    {
        Workplace.FreshFolder("modules");
        using ZipArchive zip = ZipFile.OpenRead(package);
        foreach (ZipArchiveEntry entry in zip.Entries.Where(entry => !PackageParts.Any(part => entry.FullName.StartsWith(part, StringComparison.Ordinal))))
        {
            string path = Path.Combine(Workplace.ModuleFolder, Uri.UnescapeDataString(entry.FullName));
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            entry.ExtractToFile(path);
        }
    }
}
