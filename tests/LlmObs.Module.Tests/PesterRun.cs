using LlmObs.Testing;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace LlmObs.Module.Tests;

/// <summary>
/// Runs Pester files side by side, in as many processes as there are processors. Most of a small file's time is the start of
/// PowerShell, so each process runs one file after the other, the next that no other process has claimed.
/// </summary>
public sealed class PesterRun : ITestCaseOrderer
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);

    // Started first, so that none of them is what everybody waits for in the end.
    private static readonly string[] LongestFirst =
    [
        "HostileSizes.Tests.ps1", "Spool.Tests.ps1", "HelpExamples.Tests.ps1", "Samples.Tests.ps1", "GivenBack.Tests.ps1",
        "RunShards.Tests.ps1", "RunResume.Tests.ps1", "RunExperiment.Tests.ps1", "Package.Tests.ps1", "Bodies.Tests.ps1", "Faults.Tests.ps1",
        "Conventions.Tests.ps1",
    ];

    private static Task<string>? _running;

    /// <summary>The folder of Pester's own reports, which .ci/run counts.</summary>
    public static string Reports { get; } = Path.Combine(Repository.Root, "TestResults", "pester");

    /// <summary>The output of the processes, after all have ended.</summary>
    public static Task<string> EndAsync() => _running ?? throw new InvalidOperationException("The files were not started.");

    /// <summary>Starts the files: here xunit shows which of them were requested.</summary>
    public IEnumerable<TTestCase> OrderTestCases<TTestCase>(IEnumerable<TTestCase> testCases)
        where TTestCase : ITestCase
    {
        TTestCase[] cases = [.. testCases];
        IEnumerable<string> files = cases.Select(one => (string)one.TestMethodArguments[0]);
        _running = RunAsync([.. files.OrderBy(Rank).ThenBy(file => file, StringComparer.Ordinal)]);
        return cases;
    }

    private static int Rank(string file) => Array.IndexOf(LongestFirst, file) is int index and >= 0 ? index : LongestFirst.Length;

    private static async Task<string> RunAsync(string[] files)
    {
        if (Directory.Exists(Reports))
        {
            Directory.Delete(Reports, recursive: true);
        }

        Directory.CreateDirectory(Reports);
        string script = Path.Combine(Repository.Tests, "Support", "Invoke-PesterFile.ps1");
        string[] arguments =
            ["-Manifest", Repository.ModuleManifest, "-Reports", Reports, .. files.Select(file => Path.Combine(Repository.Tests, file))];
        IEnumerable<Task<ProcessResult>> processes = Enumerable.Range(0, Math.Min(files.Length, Environment.ProcessorCount))
            .Select(_ => PowerShellUnderTest.RunAsync(script, Limit, arguments));
        ProcessResult[] results = await Task.WhenAll(processes);
        return string.Join(Environment.NewLine, results.Select(result => $"{result.Text}exit code {result.ExitCode}"));
    }
}
