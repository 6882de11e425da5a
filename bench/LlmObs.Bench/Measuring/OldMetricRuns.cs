using System.Text.Json;
using LlmObs.Bench.Data;
using LlmObs.Bench.Running;

namespace LlmObs.Bench.Measuring;

/// <summary>A file of metrics that the service refuses as too old, each of them.</summary>
internal static class OldMetricRuns
{
    public const string Name = "old-metrics";

    /// <exception cref="BenchException">Not all of them were given back.</exception>
    public static async Task RunAsync(BenchOptions options, DataFiles data, PowerShell powerShell, Results results)
    {
        await using EmulatorProcess emulator = await EmulatorProcess.StartAsync(powerShell);
        for (int run = 0; run < options.Runs; run++)
        {
            JsonElement json = await powerShell.RunAsync(
                MeasuredProgram.ShortLimit,
                "Measure-OldMetrics.ps1",
                ("Module", Workplace.ModuleManifest),
                ("BaseUri", emulator.BaseUri),
                ("File", data.OldMetricCsv(options.Events)));
            int targets = json.GetProperty("targets").GetInt32();
            if (targets != options.Events)
            {
                throw new BenchException($"{targets} metrics that were refused are the target of an error, instead of {options.Events}.");
            }

            results.Add(Name, Sample.From(json, arrived: null));
            results.OldMetricErrors = new ErrorCount(json.GetProperty("errors").GetInt32(), json.GetProperty("lines").GetInt32());
            Console.Error.WriteLine($"refused  {json.GetRawText()}");
        }
    }
}

/// <summary>The errors that a user sees.</summary>
/// <param name="Errors">The number of errors.</param>
/// <param name="Lines">Their lines on a terminal.</param>
internal sealed record ErrorCount(int Errors, int Lines);
