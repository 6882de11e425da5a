using LlmObs.Bench.Data;
using LlmObs.Bench.Running;
using LlmObs.Bench.Ways;

namespace LlmObs.Bench.Measuring;

/// <summary>
/// The most memory above an idle PowerShell with the module imported: small and large file, quick and slow sink, a fresh
/// process each, without warm-up.
/// </summary>
internal static class MemoryRuns
{
    public const int SlowAnswer = 200; // milliseconds

    private static readonly string[] Measured = [WayNames.PathCsv, WayNames.ImportCsvSend, WayNames.ImportCsvNull];

    public static async Task RunAsync(BenchOptions options, IReadOnlyList<Way> ways, DataFiles data, SinkProcess quick, Results results)
    {
        await using SinkProcess slow = await SinkProcess.StartAsync("--delay", $"{SlowAnswer}");
        foreach (Way way in ways.Where(way => Measured.Contains(way.Name)))
        {
            foreach (int events in (int[])[options.Events, options.Large])
            {
                await RunOneAsync(way, events, quick, isSlow: false);
                if (way.Sends)
                {
                    await RunOneAsync(way, events, slow, isSlow: true);
                }
            }
        }

        async Task RunOneAsync(Way way, int events, SinkProcess sink, bool isSlow)
        {
            Sample sample = await Delivery.RunAsync(way, data.SpanCsv(events), events, sink, warmUp: false, MeasuredProgram.LongLimit);
            results.AddMemory(new MemoryResult(way.Name, way.Title, events, isSlow, sample));
            Console.Error.WriteLine($"memory   {way.Name,-18} {events} events{(isSlow ? ", slow sink" : string.Empty)}: {sample.PeakAboveIdle:0} MB in {sample.Milliseconds:0} ms");
        }
    }
}
