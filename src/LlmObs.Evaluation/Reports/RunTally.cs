using LlmObs.Evaluation.Results;

namespace LlmObs.Evaluation.Reports;

/// <summary>What the rows of a run come to, counted in one pass: a number a row and metric is kept, no row.</summary>
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

    /// <summary>How long each task took that neither failed nor was taken from the cache, the shortest first.</summary>
    public double[] Seconds { get; }

    /// <summary>The metrics, in the order in which they came.</summary>
    public List<MetricTally> Metrics { get; } = [];

    private static long? Sum(long? sum, long? one) => one is null ? sum : (sum ?? 0) + one;
}
