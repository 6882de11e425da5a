using LlmObs.Quickstart.Running;

namespace LlmObs.Module.Tests;

/// <summary>The PowerShell that the module is tested in, and why there is none, where there is none.</summary>
internal sealed record PowerShellUnderTest(PowerShellProgram? Program, string? Missing)
{
    private const string FindPester =
        "(Get-Module -ListAvailable Pester | Where-Object { $_.Version.Major -eq 5 } | Sort-Object Version | Select-Object -Last 1).Version.ToString()";

    private static readonly Lazy<Task<PowerShellUnderTest>> Found = new(FindAsync);

    public static bool IsRequired => Environment.GetEnvironmentVariable("LLMOBS_REQUIRE_PWSH") == "1";

    public static Task<PowerShellUnderTest> GetAsync() => Found.Value;

    public Task<(int ExitCode, string Output)> RunAsync(IEnumerable<string> arguments, TimeSpan limit) =>
        TimedProcess.RunAsync(Program!.Program, [.. Program.Prefix, "-NoLogo", "-NoProfile", "-NonInteractive", .. arguments], limit);

    private static async Task<PowerShellUnderTest> FindAsync()
    {
        var finder = new PowerShellFinder(Repository.Root);
        if (await finder.FindAsync(CancellationToken.None) is not PowerShellProgram program)
        {
            string seen = finder.Rejected.Count > 0 ? $" ({string.Join("; ", finder.Rejected)})" : string.Empty;
            return new(null, $"PowerShell 7.6 or later was not found, neither as pwsh on PATH nor as the local .NET tool{seen}");
        }

        var found = new PowerShellUnderTest(program, null);
        (int exitCode, string output) = await found.RunAsync(["-Command", FindPester], TimeSpan.FromSeconds(60));
        return exitCode == 0 && Version.TryParse(output.Trim(), out _) ? found : found with { Missing = "Pester 5 is not installed for this PowerShell" };
    }
}
