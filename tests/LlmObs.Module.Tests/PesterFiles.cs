using LlmObs.Quickstart.Running;
using Xunit;

namespace LlmObs.Module.Tests;

/// <summary>One case for each Pester file, run in pwsh against the assembled module.</summary>
public class PesterFiles
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);

    public static TheoryData<string> Files =>
        [.. Directory.EnumerateFiles(Repository.Tests, "*.Tests.ps1").Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Passes(string file)
    {
        Directory.CreateDirectory(Repository.Reports);
        string report = Path.Combine(Repository.Reports, Path.ChangeExtension(file, ".xml"));
        File.Delete(report);
        ProcessResult result = await PowerShellUnderTest.RunAsync(
            Path.Combine(Repository.Tests, "Support", "Invoke-PesterFile.ps1"),
            Limit,
            "-Path", Path.Combine(Repository.Tests, file), "-Manifest", Repository.ModuleManifest, "-ReportPath", report);
        Assert.True(result.ExitCode == 0, $"{file} failed:{Environment.NewLine}{result.Output}");
        Assert.True(File.Exists(report), $"{file} left no report:{Environment.NewLine}{result.Output}");
    }
}
