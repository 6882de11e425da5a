using LlmObs.Quickstart.Running;
using LlmObs.Testing;

namespace LlmObs.Module.Tests;

/// <summary>The PowerShell that the module is tested in.</summary>
internal static class PowerShellUnderTest
{
    // Settings of the user or the program that runs the tests must not reach the tests.
    private static readonly Dictionary<string, string?> Settings = new()
    {
        ["NO_COLOR"] = "1",
        ["DOTNET_TieredPGO"] = "0", // counting what runs often is of no use to processes this short: a tenth of their time
        ["DD_API_KEY"] = null,
        ["DD_APP_KEY"] = null,
        ["DD_SITE"] = null,
        ["LLMOBS_BASE_URI"] = null,
        ["TF_BUILD"] = null,
        ["AGENT_TEMPDIRECTORY"] = null,
        ["GITHUB_ACTIONS"] = null,
        ["GITHUB_STEP_SUMMARY"] = null,
    };

    private static readonly Lazy<Task<PowerShellProgram>> Found =
        new(() => new PowerShellFinder(Repository.Root).FindAsync(CancellationToken.None));

    /// <summary>Runs a script of the tests.</summary>
    public static async Task<ProcessResult> RunAsync(string script, TimeSpan limit, params string[] arguments)
    {
        PowerShellProgram program = await Found.Value;
        return await ChildProcess.RunAsync(program.Program, program.ArgumentsFor(script, arguments), Repository.Root, limit, Settings);
    }
}
