using System.Runtime.InteropServices;

namespace LlmObs.Bench.Running;

/// <summary>
/// Builds the module as it is shipped, in Release, and has it assembled in a folder of the benchmark's own. out/LlmObs is
/// left alone: what lies there may be a Debug build, and the tests look there.
/// </summary>
internal static class ModuleBuild
{
    /// <summary>Whether the dependencies hold machine code; without it they are compiled as they run.</summary>
    public static bool IsPrecompiled => Directory.Exists(Path.Combine(Workplace.ModuleOutput, "deps", RuntimeInformation.RuntimeIdentifier));

    public static Task RunAsync() => ChildProcess.RunAsync(
        "dotnet",
        [
            "build", Path.Combine(Workplace.Root, "src", "LlmObs.PowerShell", "LlmObs.PowerShell.csproj"),
            "--configuration", "Release", "--nologo", "--verbosity", "quiet",
            $"-p:ModuleOutput={Workplace.ModuleOutput}{Path.DirectorySeparatorChar}",
            $"-p:PrecompiledRuntimes={RuntimeInformation.RuntimeIdentifier}",
            "-nodeReuse:false", "-p:UseSharedCompilation=false", // leave no process behind
        ],
        ChildProcess.LongLimit,
        keepProxy: true);
}
