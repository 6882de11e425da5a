using System.Text.Json;
using LlmObs.Evaluation.Comparison;
using LlmObs.Evaluation.Results;
using MathNet.Numerics.Statistics;

namespace LlmObs.Evaluation.Reports;

/// <summary>A run, alone or compared with another, as every kind of report shows it. Its rows are read again when one is written.</summary>
public sealed class RunReport
{
    private static readonly string[] CommitNames = ["commit", "git.commit.sha", "git_commit", "commit_sha"];

    private RunReport(string title, IResultRows rows, string name)
    {
        Title = title;
        Run = rows;
        Name = name;
        Tally = new RunTally(rows);
    }

    /// <summary>The heading.</summary>
    public string Title { get; }

    /// <summary>The run's name.</summary>
    public string Name { get; }

    /// <summary>The baseline's name; null without a baseline.</summary>
    public string? BaselineName { get; private init; }

    /// <summary>Rows of the run whose task failed.</summary>
    public int FailedCount => Tally.FailedCount;

    /// <summary>Rows of the run.</summary>
    public int RowCount => Tally.RowCount;

    /// <summary>The comparisons, one per metric; empty without a baseline.</summary>
    public IReadOnlyList<MetricComparison> Comparisons { get; private init; } = [];

    /// <summary>Facts that limit the report, one sentence each.</summary>
    public IReadOnlyList<string> Notes { get; private init; } = [];

    /// <summary>Each metric over all rows, in the order in which they came.</summary>
    public IReadOnlyList<MetricSummary> Metrics => [.. Tally.Metrics.Select(metric => metric.Summarize(RowCount))];

    internal IResultRows Run { get; }

    internal RunTally Tally { get; }

    internal BaselineRows? Baseline { get; private init; }

    internal RunTally? BaselineTally { get; private init; }

    /// <summary>Reports a run alone.</summary>
    /// <param name="name">The run's name.</param>
    /// <param name="title">The heading; null for the run's name.</param>
    /// <returns>The report.</returns>
    /// <exception cref="ResultFileException">A line of a file can't be read.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static RunReport Of(IResultRows rows, string name, string? title = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        string called = rows.Header.Name ?? name;
        return new(title ?? called, rows, called) { Notes = [.. EndOf(rows, called)] };
    }

    /// <summary>Reports a run together with its baseline.</summary>
    /// <param name="rows">The run that is judged.</param>
    /// <param name="name">The run's name.</param>
    /// <param name="baseline">The run to compare with.</param>
    /// <param name="result">The result of the comparison.</param>
    /// <param name="title">The heading; null for the names of both.</param>
    /// <returns>The report.</returns>
    /// <exception cref="ResultFileException">A line of a file can't be read.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static RunReport OfComparison(
        IResultRows rows, string name, IResultRows baseline, string baselineName, ComparisonResult result, string? title = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(baseline);
        ArgumentNullException.ThrowIfNull(result);
        string called = rows.Header.Name ?? name;
        string baselineCalled = baseline.Header.Name ?? baselineName;
        if (called == baselineCalled)
        {
            (called, baselineCalled) = ($"{called} ({name})", $"{baselineCalled} ({baselineName})");
        }

        return new(title ?? $"{called} compared with {baselineCalled}", rows, called)
        {
            BaselineName = baselineCalled,
            Baseline = new BaselineRows(baseline, result.IsPairedByInput),
            BaselineTally = new RunTally(baseline),
            Comparisons = result.Metrics,
            Notes = [.. EndOf(rows, called), .. EndOf(baseline, baselineCalled), .. result.Notes],
        };
    }

    /// <summary>The figures in the head, with those of the baseline.</summary>
    internal IEnumerable<ReportFact> Facts()
    {
        IEnumerable<(string Name, string Value)> own = FactsOf(Run, Tally);
        if (BaselineTally is null)
        {
            return own.Where(fact => fact.Value.Length > 0).Select(fact => new ReportFact(fact.Name, fact.Value, null));
        }

        return own.Zip(FactsOf(Baseline!.Run, BaselineTally)).Where(pair => pair.First.Value.Length + pair.Second.Value.Length > 0)
            .Select(pair => new ReportFact(pair.First.Name, pair.First.Value, pair.Second.Value));
    }

    /// <summary>The address of a page that a link may lead to: nothing but a web page can be opened by it.</summary>
    internal static string? LinkOf(IResultRows run) =>
        Uri.TryCreate(run.Header.Url, UriKind.Absolute, out Uri? address) && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp)
            ? address.AbsoluteUri
            : null;

    private static IEnumerable<(string Name, string Value)> FactsOf(IResultRows run, RunTally tally)
    {
        ResultHeader header = run.Header;
        yield return ("Experiment", header.LogicalName is string logical && logical != header.Name ? $"{logical} ({header.ExperimentId})" : header.ExperimentId);
        yield return ("Project", header.ProjectName ?? header.ProjectId ?? string.Empty);
        yield return ("Dataset", header.DatasetName ?? header.DatasetId ?? string.Empty);
        yield return ("Version of the dataset", header.DatasetVersion is long version ? FormattableString.Invariant($"{version}") : string.Empty);
        yield return ("Commit", Commit(header.Metadata) ?? Commit(header.Config) ?? string.Empty);
        yield return ("Began", ReportText.Time(header.StartedAt));
        yield return ("Took", run.End?.EndedAt - header.StartedAt is { Ticks: > 0 } elapsed ? ReportText.Seconds(elapsed.TotalSeconds) : string.Empty);
        yield return ("Status", run.End?.Status ?? string.Empty);
        yield return ("Rows", ReportText.Count(tally.RowCount) + (header.RunCount > 1 ? FormattableString.Invariant($" ({header.RunCount} iterations)") : string.Empty));
        yield return ("Failed rows", tally.RowCount == 0 ? "0" : $"{ReportText.Count(tally.FailedCount)} ({ReportText.Percent(tally.FailedCount, tally.RowCount)})");
        yield return ("Failed evaluations", tally.Metrics.Sum(metric => metric.ErrorCount) is int failed and > 0 ? ReportText.Count(failed) : string.Empty);
        yield return ("From the cache", tally.CachedCount > 0 ? ReportText.Count(tally.CachedCount) : string.Empty);
        yield return ("Latency, median", tally.Seconds.Length > 0 ? ReportText.Seconds(Quantile(tally.Seconds, 0.5)) : string.Empty);
        yield return ("Latency, 95 of 100", tally.Seconds.Length > 0 ? ReportText.Seconds(Quantile(tally.Seconds, 0.95)) : string.Empty);
        yield return ("Tokens in", ReportText.Count(tally.InputTokenCount));
        yield return ("Tokens out", ReportText.Count(tally.OutputTokenCount));
        yield return ("Cost", ReportText.Dollars(tally.CostUsd));
    }

    internal static double Quantile(double[] sorted, double share) => SortedArrayStatistics.QuantileCustom(sorted, share, QuantileDefinition.R7);

    private static string? Commit(RawJson json)
    {
        JsonElement root = json.IsMissing ? default : json.Read();
        if (root.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        foreach (string name in CommitNames)
        {
            if (root.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String)
            {
                return value.GetString();
            }
        }

        return null;
    }

    private static IEnumerable<string> EndOf(IResultRows run, string name)
    {
        if (run.End is { Error: string error })
        {
            yield return $"{name} ended with an error: {error}";
        }
        else if (run.End is { Status: ExperimentStatus.Interrupted or ExperimentStatus.Failed } end)
        {
            yield return $"{name} is {end.Status}: it may not have reached all rows.";
        }
    }
}

/// <summary>One figure of the head.</summary>
/// <param name="Value">The run's.</param>
/// <param name="Baseline">The baseline's value; null without a baseline.</param>
internal sealed record ReportFact(string Name, string Value, string? Baseline);

/// <summary>Finds the baseline's row of a row.</summary>
internal sealed class BaselineRows
{
    private readonly Dictionary<(string Key, int Iteration), long> _positions = [];
    private readonly Dictionary<string, long> _last = new(StringComparer.Ordinal);
    private readonly bool _isByInput;

    public BaselineRows(IResultRows run, bool isByInput)
    {
        Run = run;
        _isByInput = isByInput;
        foreach (ResultRow row in run.Rows())
        {
            string key = KeyOf(row);
            _positions[(key, row.RunIteration)] = row.Position;
            _last[key] = row.Position;
        }
    }

    public IResultRows Run { get; }

    /// <summary>The row of the same record and iteration, or of its last iteration; null if the baseline does not have the record.</summary>
    public ResultRow? Find(ResultRow row)
    {
        string key = KeyOf(row);
        return _positions.TryGetValue((key, row.RunIteration), out long position) || _last.TryGetValue(key, out position) ? Run.ReadRow(position) : null;
    }

    private string KeyOf(ResultRow row) => _isByInput || row.RecordId.Length == 0 ? ComparedResults.KeyOf(row.Input) : row.RecordId;
}

/// <summary>The totals of a run's rows, counted in one pass: a number per row and metric is kept, but no row.</summary>
internal sealed class RunTally
{
    private readonly Dictionary<string, MetricTally> _byLabel = new(StringComparer.Ordinal);

    public RunTally(IResultRows run)
    {
        Dictionary<string, int> records = new(StringComparer.Ordinal);
        List<double> seconds = [];
        foreach (ResultRow row in run.Rows())
        {
            RowCount++;
            int record = row.RecordId.Length == 0 ? -RowCount : records.TryAdd(row.RecordId, records.Count) ? records.Count - 1 : records[row.RecordId];
            FailedCount += row.IsFailed ? 1 : 0;
            CachedCount += row.FromCache ? 1 : 0;
            InputTokenCount = Sum(InputTokenCount, row.InputTokenCount);
            OutputTokenCount = Sum(OutputTokenCount, row.OutputTokenCount);
            CostUsd = row.CostUsd is decimal cost ? (CostUsd ?? 0) + cost : CostUsd;
            if (row is { IsFailed: false, FromCache: false, DurationNs: long duration })
            {
                seconds.Add(duration / 1e9);
            }

            foreach (ResultEvaluation evaluation in row.Evaluations)
            {
                if (!_byLabel.TryGetValue(evaluation.Label, out MetricTally? tally))
                {
                    _byLabel.Add(evaluation.Label, tally = new(evaluation.Label));
                    Metrics.Add(tally);
                }

                tally.Add(record, evaluation);
            }
        }

        seconds.Sort();
        Seconds = [.. seconds];
    }

    public int RowCount { get; }

    /// <summary>Rows whose task failed.</summary>
    public int FailedCount { get; }

    /// <summary>Rows whose output was taken from the cache.</summary>
    public int CachedCount { get; }

    public long? InputTokenCount { get; }

    public long? OutputTokenCount { get; }

    public decimal? CostUsd { get; }

    /// <summary>The duration of each task that neither failed nor came from the cache, the shortest first.</summary>
    public double[] Seconds { get; }

    /// <summary>The metrics, in the order in which they came.</summary>
    public List<MetricTally> Metrics { get; } = [];

    private static long? Sum(long? sum, long? one) => one is null ? sum : (sum ?? 0) + one;
}
