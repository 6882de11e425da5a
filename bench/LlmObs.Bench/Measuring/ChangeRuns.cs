using LlmObs.Bench.Data;
using LlmObs.Bench.Running;
using LlmObs.Bench.Ways;

namespace LlmObs.Bench.Measuring;

/// <summary>A user's waits with the module of another revision, in turns with the present one: what changes brought.</summary>
internal static class ChangeRuns
{
    private const int Turns = 3;

    /// <exception cref="BenchException">The other module can't be built, or something that was sent did not arrive.</exception>
    public static async Task<Change> RunAsync(
        string revision, BenchOptions options, Way path, Way plain, DataFiles data, PowerShell powerShell, SinkProcess sink)
    {
        string present = Workplace.Modules;
        string other = await ModuleBuild.RunAsync(revision);
        var change = new Change(revision, new Results(), new Results());
        (string Modules, Results Results)[] sides = [(other, change.Before), (present, change.Now)];
        try
        {
            for (int run = 0; run < options.Runs; run++)
            {
                foreach ((string modules, Results results) in sides)
                {
                    Workplace.Modules = modules;
                    await StartupRuns.RunImportsAsync(powerShell, Turns, results);
                    await StartupRuns.RunFirstCallsAsync(powerShell, Turns, sink, results);
                    await PostingRuns.RunAsync(powerShell, path, plain, runs: 1, sink, results);
                    await SessionRuns.RunOneAsync(
                        powerShell, path, sink, results, Turns, warmUp: true, (SessionRuns.Null, "import-csv-null.ps1", false), (SessionRuns.Send, "import-csv-send.ps1", true));
                    await RecordRuns.RunAsync(options.ForOneRound(), data, powerShell, results);
                    await OldMetricRuns.RunAsync(options.ForOneRound(), data, powerShell, results);
                }

                Array.Reverse(sides);
            }
        }
        finally
        {
            Workplace.Modules = present;
        }

        return change;
    }
}

/// <summary>The same measurements with two modules.</summary>
/// <param name="Revision">The revision of the first one.</param>
/// <param name="Before">Its results.</param>
/// <param name="Now">Those of the present one.</param>
internal sealed record Change(string Revision, Results Before, Results Now);
