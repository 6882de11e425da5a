using System.Globalization;
using System.Text;
using LlmObs.Bench.Measuring;
using LlmObs.Bench.Running;
using LlmObs.Bench.Ways;

namespace LlmObs.Bench.Reporting;

/// <summary>The page that is printed and written to bench/RESULTS.md.</summary>
internal sealed class Report(BenchOptions options, IReadOnlyList<Way> ways, Results results, NodeClient node, IReadOnlyList<string> machine)
{
    // What is timed in other ways than the table of ways, in the order of the report.
    private static readonly (string What, string Name)[] Timed =
    [
        ("Send-LlmObsEvent -Path spans.csv, first of a process", PostingRuns.PathFirst),
        ("Send-LlmObsEvent -Path spans.csv, fourth of a session", PostingRuns.PathFourth),
        ("plain C# that reads spans.csv and sends it, first of a process", PostingRuns.PlainFirst),
        ("a program that posts the same bodies from memory, 4 at once, first", PostingRuns.PostFirst),
        ("a program that posts the same bodies from memory, 4 at once, fourth", PostingRuns.PostFourth),
        ("Import-Csv spans.csv | Send-LlmObsEvent, in turns in one session", SessionRuns.Send),
        ("Import-Csv spans.csv | Out-Null, in turns with it", SessionRuns.Null),
        ("Import-Csv spans.csv | a compiled cmdlet that does nothing, in turns in one session", SessionRuns.SkipCmdlet),
        ("Import-Csv spans.csv | a compiled cmdlet that reads each property by the public API", SessionRuns.ReadCmdlet),
        ("Import-Csv spans.csv | Out-Null, in turns with these two", SessionRuns.NullBesideCmdlets),
        ("pwsh -NoProfile, a whole process", StartupRuns.Bare),
        ("the same with Import-Module of a manifest with nothing in it", StartupRuns.WithEmpty),
        ("the same with Import-Module LlmObs", StartupRuns.WithImport),
        ("the same with Import-Module LlmObs and one metric sent", StartupRuns.WithCall),
        ("the metric, above the import of LlmObs", StartupRuns.CallAboveImport),
        ("the same object to a compiled cmdlet that does nothing, above the import of its module", StartupRuns.SkipAboveImport),
        ("the same object to one that only posts a ready-made body with HttpClient, above that import", StartupRuns.PostAboveImport),
        ("Import-Module LlmObs, first of a fresh process, by a watch in it", StartupRuns.Import),
        ("Import-Module of a manifest with nothing in it, first of a fresh process, by a watch in it", StartupRuns.ImportEmpty),
        ("Import-Module LlmObs, warm: again in a session", StartupRuns.ImportAgain),
        ("Import-Module of a manifest with nothing in it, again in a session", StartupRuns.ImportEmptyAgain),
        ("first call of Send-LlmObsEvent, fresh process, by a watch in it", StartupRuns.FirstCall),
        ("second call", StartupRuns.SecondCall),
        ("Add-LlmObsDatasetRecord -Path, as many records as spans above", RecordRuns.Add),
        ("Get-LlmObsDatasetRecord, a fifth of the records", RecordRuns.ReadFifth),
        ("Get-LlmObsDatasetRecord, all of them, first of a process", RecordRuns.ReadFirst),
        ("Get-LlmObsDatasetRecord, all of them, again", RecordRuns.Read),
        ("Get-LlmObsEvent, as many spans", RecordRuns.ReadSpans),
        ("Send-LlmObsEvent -Path of metrics that are all refused as too old", OldMetricRuns.Name),
    ];

    private readonly Dictionary<string, Way> _byName = ways.ToDictionary(way => way.Name);

    public string ToMarkdown()
    {
        var page = new StringBuilder();
        page.Append(Say($"# Results\n\nMeasured on {DateTime.UtcNow:yyyy-MM-dd} with `dotnet run -c Release --project bench/LlmObs.Bench`; "));
        page.Append(Say($"what the rows are stands in [README.md](README.md). Medians of {options.Runs} rounds.\n\n"));
        foreach (string line in machine)
        {
            page.Append("- ").Append(line).Append('\n');
        }

        page.Append("\n## Bars\n\n").Append(Bars());
        page.Append(FreshProcess());
        page.Append("\n## Ways\n\n").Append(WayTable());
        if (node.Missing is not null && options.Wants(WayNames.TypeScript))
        {
            page.Append(Say($"\nThe official TypeScript client could not be measured: {node.Missing}.\n"));
        }

        page.Append("\n## Memory\n\n").Append(MemoryTable());
        page.Append("\n## Session, start and emulator\n\n").Append(OtherTable());
        page.Append(RecordMemoryLine());
        if (results.Change is Change change)
        {
            page.Append(Say($"\n## Before and after\n\nThe module of {change.Revision} and the present one in turns, medians of {options.Runs} rounds.\n\n")).Append(ChangeTable(change));
        }

        return page.ToString();
    }

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private Table Bars()
    {
        var table = new Table("what", "reached", "bar", string.Empty);
        foreach (Bar bar in new BarList(_byName, results, options).All())
        {
            table.Add(bar.What, bar.Reached, bar.Limit, bar.Verdict);
        }

        return table;
    }

    /// <summary>Notes to the bar of a session.</summary>
    private string FreshProcess()
    {
        double? ratio = results.Milliseconds(WayNames.ImportCsvSend) / results.Milliseconds(WayNames.ImportCsvNull);
        double? import = results.Milliseconds(StartupRuns.Import);
        string text = ratio is null ? string.Empty : Say($"\nThe first `import-csv-send` of a fresh process takes {ratio:0.00} times the first `import-csv-null` of one (both in the next table).\n");
        return import is null ? text : text + Say($"\nThe first import of a fresh process takes {import:0} ms, a manifest with nothing in it {results.Milliseconds(StartupRuns.ImportEmpty):0} ms.\n");
    }

    private Table WayTable()
    {
        var table = new Table("name", "way", "events", "time", "fastest to slowest", "events/s", "requests", "body bytes/event", "peak MB above idle");
        foreach (Way way in ways)
        {
            IReadOnlyList<Sample> samples = results.Of(way.Name);
            if (samples.Count == 0)
            {
                continue;
            }

            double time = results.Milliseconds(way.Name)!.Value;
            SinkCounts arrived = samples[0].Arrived!;
            table.Add(
                way.Name,
                way.Title,
                Say($"{way.Events:N0}"),
                Say($"{time / 1000:0.00} s"),
                Say($"{samples.Min(one => one.Milliseconds) / 1000:0.00} to {samples.Max(one => one.Milliseconds) / 1000:0.00} s"),
                Say($"{way.Events / time * 1000:N0}"),
                way.Sends ? Say($"{arrived.Requests:N0}") : "none",
                way.Sends ? Say($"{(double)arrived.Bytes / arrived.Events:0}") : "-",
                Say($"{Results.Median(samples.Select(one => one.PeakAboveIdle)):0}"));
        }

        return table;
    }

    private Table MemoryTable()
    {
        var table = new Table("way", "events", "sink answers", "time", "idle", "peak", "above idle");
        foreach (MemoryResult one in results.Memory)
        {
            string answers = _byName[one.Way].Sends ? one.SlowSink ? $"after {MemoryRuns.SlowAnswer} ms" : "at once" : "-";
            table.Add(
                one.Title,
                Say($"{one.Events:N0}"),
                answers,
                Say($"{one.Sample.Milliseconds / 1000:0.0} s"),
                Say($"{one.Sample.IdleBytes / 1e6:0} MB"),
                Say($"{one.Sample.PeakBytes / 1e6:0} MB"),
                Say($"{one.Sample.PeakAboveIdle:0} MB"));
        }

        return table;
    }

    private string RecordMemoryLine()
    {
        if (results.Records.Count == 0)
        {
            return string.Empty;
        }

        double Median(Func<RecordMemory, double> part) => Results.Median(results.Records.Select(part));
        return Say($"\nThe session that fills and reads datasets and spans holds at most {Median(one => one.Session):0} MB above idle. Its emulator, a process of its own, is sent files of {Median(one => one.Sent):0} MB, holds {Median(one => one.EmulatorHolds):0} MB at the end and {Median(one => one.EmulatorPeak):0} MB at most.\n");
    }

    private static Table ChangeTable(Change change)
    {
        var table = new Table("what", "before", "now");
        foreach ((string what, string name) in Timed)
        {
            if (change.Before.Milliseconds(name) is double before && change.Now.Milliseconds(name) is double now)
            {
                table.Add(what, Say($"{before:0.0} ms"), Say($"{now:0.0} ms"));
            }
        }

        Add("peak memory of the session that reads records and spans", one => one.Session, "MB above idle");
        Add("peak memory of its emulator, against the files sent to it", one => one.EmulatorPeak / one.Sent, "times");
        table.Add("errors for metrics that are all refused as too old", Say($"{change.Before.OldMetricErrors?.Errors:N0}"), Say($"{change.Now.OldMetricErrors?.Errors:N0}"));
        return table;

        void Add(string what, Func<RecordMemory, double> part, string unit) => table.Add(
            what, Say($"{Results.Median(change.Before.Records.Select(part)):0.#} {unit}"), Say($"{Results.Median(change.Now.Records.Select(part)):0.#} {unit}"));
    }

    private Table OtherTable()
    {
        var table = new Table("what", "median", "fastest to slowest");
        foreach ((string what, string name) in Timed)
        {
            AddTimes(what, results.Of(name).Select(one => one.Milliseconds));
        }

        if (results.ManyFiles is FilesResult many && results.FewFiles is FilesResult few)
        {
            AddTimes(Say($"Send-LlmObsEvent -Path *.csv.gz, {few.Files} files, {few.Events:N0} spans, peak {few.Peak:0} MB above idle"), few.Samples.Select(one => one.Milliseconds));
            AddTimes(Say($"Send-LlmObsEvent -Path *.csv.gz, {many.Files} files, {many.Events:N0} spans, peak {many.Peak:0} MB above idle"), many.Samples.Select(one => one.Milliseconds));
        }

        if (results.Emulator is EmulatorResult emulator)
        {
            AddTimes(Say($"emulator: {emulator.Metrics:N0} metrics sent with -Path, journalled"), [emulator.LoadMilliseconds]);
            AddTimes("emulator: first average by label over all of them, from the cmdlet", emulator.AggregateMilliseconds.Take(1));
            AddTimes("emulator: further ones", emulator.AggregateMilliseconds.Skip(1));
            AddTimes(Say($"emulator: start on the journal, fresh process, peak {emulator.RestartMegabytes:0} MB above idle"), emulator.RestartMilliseconds);
        }

        return table;

        void AddTimes(string what, IEnumerable<double> times)
        {
            double[] all = [.. times];
            if (all.Length > 0)
            {
                table.Add(what, Say($"{Results.Median(all):0.0} ms"), Say($"{all.Min():0.0} to {all.Max():0.0} ms"));
            }
        }
    }
}
