using LlmObs.Testing;
using Xunit;

namespace LlmObs.Module.Tests;

public class QuickstartTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    private static readonly string Dotnet =
        Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host : "dotnet";

    [Fact]
    public async Task Passes_all_its_checks_in_powershell()
    {
        ProcessResult result = await RunAsync([]);
        Assert.True(result.ExitCode == 0, result.Text);
        Assert.Matches(@"PowerShell  7\.\d+\.\d+", result.Text);
        Assert.Matches(@"All \d+ checks passed", result.Text);
    }

    [Fact]
    public async Task Ends_with_one_error_if_powershell_is_neither_on_path_nor_to_be_restored()
    {
        string nowhere = Path.Combine(Path.GetTempPath(), "llmobs-nowhere");
        ProcessResult result = await RunAsync(new() { ["PATH"] = nowhere, ["DOTNET_HOST_PATH"] = Path.Combine(nowhere, "dotnet") });
        Assert.Equal(1, result.ExitCode);
        string error = Assert.Single(result.Text.Split('\n'), line => line.StartsWith("FAILED", StringComparison.Ordinal));
        Assert.Contains("PowerShell 7.6 or later", error, StringComparison.Ordinal);
        Assert.Contains("dotnet tool restore", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Text, StringComparison.Ordinal);
    }

    private static Task<ProcessResult> RunAsync(Dictionary<string, string?> environment) =>
        ChildProcess.RunAsync(Dotnet, ["exec", Repository.Quickstart], Repository.Root, Limit, environment);
}
