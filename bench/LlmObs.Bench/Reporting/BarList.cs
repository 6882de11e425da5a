using System.Globalization;
using LlmObs.Bench.Measuring;
using LlmObs.Bench.Ways;

namespace LlmObs.Bench.Reporting;

/// <summary>The goals.</summary>
internal sealed class BarList(IReadOnlyDictionary<string, Way> ways, Results results, BenchOptions options)
{
    private const double MostMegabytes = 100;
    private const double MostImport = 15;
    private const double MostAggregate = 1000;
    private const double LeastJournalRate = 150_000;

    private static readonly string[] Peers = [WayNames.RestEach, WayNames.RestBatched, WayNames.TypeScript];

    public IReadOnlyList<Bar> All() =>
    [
        AtMost(1.25, $"{Short(WayNames.PathCsv)} against {Short(WayNames.PlainCSharp)}", Rate(WayNames.PlainCSharp) / Rate(WayNames.PathCsv)),
        AtMost(
            1.3,
            $"{Short(WayNames.ImportCsvSend)} against {Short(WayNames.ImportCsvNull)}, in turns in one session",
            results.Milliseconds(SessionRuns.Send) / results.Milliseconds(SessionRuns.Null)),
        AtLeast(5, WayNames.PathJsonLines, WayNames.GetContentSend),
        AheadOfPeers(WayNames.GetContentSend),
        AheadOfPeers(WayNames.PathJsonLines),
        AtLeast(2.5, WayNames.ImportCsvSend, WayNames.RestBatched),
        AtLeast(8, WayNames.ImportCsvSend, WayNames.TypeScript),
        AtLeast(8, WayNames.PathCsv, WayNames.RestBatched),
        AtLeast(25, WayNames.PathCsv, WayNames.TypeScript),
        .. MemoryBars(),
        Milliseconds("Import-Module, warm", results.Milliseconds(StartupRuns.ImportAgain), MostImport),
        .. new WaitingBars(results, options).All(),
        .. EmulatorBars(),
    ];

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Short(string name) => $"`{name}`";

    private static Bar Milliseconds(string what, double? time, double most) => new(
        what, time is null ? "-" : Say($"{time:0.0} ms"), Say($"at most {most:0} ms"), time is null ? null : time <= most);

    /// <summary>Events a second; null if it was not measured.</summary>
    private double? Rate(string name) => results.Milliseconds(name) is double time ? ways[name].Events / time * 1000 : null;

    private static Bar AtMost(double times, string what, double? ratio) => new(
        $"time of {what}", ratio is null ? "-" : Say($"{ratio:0.00} times"), Say($"at most {times} times"), ratio is null ? null : ratio <= times);

    private Bar AtLeast(double times, string name, string reference)
    {
        double? ratio = Rate(name) / Rate(reference);
        return new Bar(
            $"speed of {Short(name)} against {Short(reference)}", ratio is null ? "-" : Say($"{ratio:0.0} times"), Say($"at least {times} times"), ratio is null ? null : ratio >= times);
    }

    private Bar AheadOfPeers(string name)
    {
        string[] measured = [.. Peers.Where(peer => Rate(peer) is not null)];
        string what = $"{Short(name)} ahead of {string.Join(", ", Peers.Select(Short))}";
        if (Rate(name) is not double rate || measured.Length == 0)
        {
            return new Bar(what, "-", "ahead of each", null);
        }

        string best = measured.MaxBy(Rate)!;
        bool ahead = rate > Rate(best);
        return new Bar(what, Say($"{rate / Rate(best)!.Value:0.0} times the best, {best}"), "ahead of each", measured.Length == Peers.Length || !ahead ? ahead : null);
    }

    private IEnumerable<Bar> MemoryBars()
    {
        foreach (string name in (string[])[WayNames.PathCsv, WayNames.ImportCsvSend])
        {
            foreach (int events in (int[])[options.Events, options.Large])
            {
                foreach (bool slow in (bool[])[false, true])
                {
                    MemoryResult? found = results.Memory.FirstOrDefault(one => one.Way == name && one.Events == events && one.SlowSink == slow);
                    yield return new Bar(
                        Say($"peak memory of {Short(name)}, {events:N0} events{(slow ? $", answers after {MemoryRuns.SlowAnswer} ms" : string.Empty)}"),
                        found is null ? "-" : Say($"{found.Sample.PeakAboveIdle:0} MB"),
                        Say($"at most {MostMegabytes:0} MB above idle"),
                        found is null ? null : found.Sample.PeakAboveIdle <= MostMegabytes);
                }
            }
        }
    }

    private IEnumerable<Bar> EmulatorBars()
    {
        EmulatorResult? emulator = results.Emulator;
        yield return Milliseconds(
            Say($"emulator: first average by label over {options.Large:N0} metrics"), emulator?.AggregateMilliseconds[0], MostAggregate);
        double? rate = emulator is null ? null : emulator.Metrics / Results.Median(emulator.RestartMilliseconds) * 1000;
        yield return new Bar(
            Say($"emulator: {options.Large:N0} metrics back from its journal"),
            rate is null ? "-" : Say($"{rate:N0} events/s"),
            Say($"at least {LeastJournalRate:N0} events/s"),
            rate is null ? null : rate >= LeastJournalRate);
    }
}
