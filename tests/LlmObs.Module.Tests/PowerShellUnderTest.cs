using System.ComponentModel;

namespace LlmObs.Module.Tests;

/// <summary>The PowerShell that the module is tested in, and why there is none, where there is none.</summary>
internal sealed record PowerShellUnderTest(string Program, IReadOnlyList<string> FirstArguments, string? Missing)
{
    private static readonly Version OldestPowerShell = new(7, 6);
    private static readonly Lazy<Task<PowerShellUnderTest>> Found = new(FindAsync);

    public static bool IsRequired => Environment.GetEnvironmentVariable("LLMOBS_REQUIRE_PWSH") == "1";

    public static Task<PowerShellUnderTest> GetAsync() => Found.Value;

    public Task<(int ExitCode, string Output)> RunAsync(IEnumerable<string> arguments, TimeSpan limit) =>
        ChildProcess.RunAsync(Program, [.. FirstArguments, "-NoLogo", "-NoProfile", "-NonInteractive", .. arguments], limit);

    private static async Task<PowerShellUnderTest> FindAsync()
    {
        foreach (var candidate in (PowerShellUnderTest[])[new("pwsh", [], null), new("dotnet", ["tool", "run", "pwsh", "--"], null)])
        {
            if (await VersionOfAsync(candidate, "$PSVersionTable.PSVersion.ToString()") is Version version && version >= OldestPowerShell)
            {
                Version? pester = await VersionOfAsync(
                    candidate,
                    "(Get-Module -ListAvailable Pester | Where-Object { $_.Version.Major -eq 5 } | Sort-Object Version | Select-Object -Last 1).Version.ToString()");
                return pester is null ? candidate with { Missing = "Pester 5 is not installed for this PowerShell" } : candidate;
            }
        }

        return new("pwsh", [], "PowerShell 7.6 or later was not found, neither as pwsh on PATH nor as the local .NET tool");
    }

    private static async Task<Version?> VersionOfAsync(PowerShellUnderTest candidate, string expression)
    {
        try
        {
            (int exitCode, string output) = await candidate.RunAsync(["-Command", expression], TimeSpan.FromSeconds(60));
            return exitCode == 0 && Version.TryParse(output.Trim().Split('-')[0], out Version? version) ? version : null;
        }
        catch (Win32Exception)
        {
            return null; // no such program
        }
    }
}
