using System.Text.Json;
using LlmObs.Bench.Data;
using LlmObs.Bench.Running;

namespace LlmObs.Bench.Measuring;

/// <summary>Fills the emulator with metrics over HTTP, aggregates over all of them, and starts it again on its journal.</summary>
internal static class EmulatorRuns
{
    private const double Tolerance = 1e-9;

    /// <exception cref="BenchException">A metric is missing, or an average is wrong.</exception>
    public static async Task<EmulatorResult> RunAsync(BenchOptions options, DataFiles data, PowerShell powerShell)
    {
        string journal = Workplace.FreshFolder("journal");
        try
        {
            JsonElement load = await powerShell.RunAsync(
                MeasuredProgram.LongLimit,
                "Measure-EmulatorLoad.ps1",
                ("Module", Workplace.ModuleManifest),
                ("File", data.MetricCsv(options.Large)),
                ("Journal", journal),
                ("Runs", $"{options.Runs}"));
            MustHold(load, options.Large);
            MustAverage(load.GetProperty("averages"), options.Large);

            var restarts = new List<Sample>();
            for (int run = 0; run < options.Runs; run++)
            {
                JsonElement restart = await powerShell.RunAsync(
                    MeasuredProgram.LongLimit, "Measure-EmulatorRestart.ps1", ("Module", Workplace.ModuleManifest), ("Journal", journal));
                MustHold(restart, options.Large);
                restarts.Add(Sample.From(restart, arrived: null));
            }

            return new EmulatorResult(
                options.Large,
                load.GetProperty("load").GetDouble(),
                [.. load.GetProperty("aggregate").EnumerateArray().Select(time => time.GetDouble())],
                [.. restarts.Select(restart => restart.Milliseconds)],
                restarts.Max(restart => restart.PeakAboveIdle));
        }
        finally
        {
            Directory.Delete(journal, recursive: true);
        }
    }

    private static void MustHold(JsonElement json, int metrics)
    {
        long stored = json.GetProperty("stored").GetInt64();
        if (stored != metrics)
        {
            throw new BenchException($"The emulator holds {stored} metrics instead of {metrics}.");
        }
    }

    private static void MustAverage(JsonElement averages, int metrics)
    {
        foreach ((string label, double wanted) in MetricData.Averages(metrics))
        {
            if (!averages.TryGetProperty(label, out JsonElement found) || Math.Abs(found.GetDouble() - wanted) > Tolerance)
            {
                throw new BenchException($"The emulator's average of {label} is {(found.ValueKind == JsonValueKind.Undefined ? "missing" : found.GetRawText())} instead of {wanted}.");
            }
        }
    }
}
