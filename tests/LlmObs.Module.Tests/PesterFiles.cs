using Xunit;

namespace LlmObs.Module.Tests;

/// <summary>One case for each Pester file, run in pwsh against the assembled module.</summary>
[TestCaseOrderer("LlmObs.Module.Tests.PesterRun", "LlmObs.Module.Tests")]
public class PesterFiles
{
    public static TheoryData<string> Files =>
    [
        .. Directory.EnumerateFiles(Repository.Tests, "*.Tests.ps1").Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Passes(string file)
    {
        string output = await PesterRun.EndAsync();
        string report = Path.Combine(PesterRun.Reports, Path.ChangeExtension(file, ".xml"));
        string failure = Path.ChangeExtension(report, ".failed");
        Assert.False(File.Exists(failure), File.Exists(failure) ? $"{file} failed:{Environment.NewLine}{File.ReadAllText(failure)}" : null);
        Assert.True(File.Exists(report), $"{file} left no report:{Environment.NewLine}{output}");
    }
}
