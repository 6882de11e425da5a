using Xunit;

namespace LlmObs.Module.Tests;

/// <summary>One case for each Pester file, run in pwsh against the assembled module.</summary>
public class PesterFiles
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);

    public static TheoryData<string> Files =>
        [.. Directory.EnumerateFiles(Repository.Tests, "*.Tests.ps1").Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public async Task Passes(string file)
    {
        PowerShellUnderTest powerShell = await PowerShellUnderTest.GetAsync();
        if (powerShell.Missing is string reason)
        {
            Assert.False(PowerShellUnderTest.IsRequired, $"{reason}, and LLMOBS_REQUIRE_PWSH=1 asks for it.");
            Skip.If(true, reason);
        }

        Directory.CreateDirectory(Repository.Reports);
        string report = Path.Combine(Repository.Reports, Path.ChangeExtension(file, ".xml"));
        File.Delete(report);
        (int exitCode, string output) = await powerShell.RunAsync(
            [
                "-File", Path.Combine(Repository.Tests, "Support", "Invoke-PesterFile.ps1"),
                "-Path", Path.Combine(Repository.Tests, file), "-Manifest", Repository.ModuleManifest, "-ReportPath", report,
            ],
            Limit);
        Assert.True(exitCode == 0, $"{file} failed:{Environment.NewLine}{output}");
        Assert.True(File.Exists(report), $"{file} left no report:{Environment.NewLine}{output}");
    }
}
