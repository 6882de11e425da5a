using System.Runtime.InteropServices;

namespace LlmObs.Bench.Running;

/// <summary>
/// Builds the module as it is shipped, in Release, and has it assembled in a folder of the benchmark's own. out/LlmObs is
/// left alone: what lies there may be a Debug build, and the tests look there.
/// </summary>
internal static class ModuleBuild
{
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
