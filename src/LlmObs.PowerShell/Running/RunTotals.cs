using LlmObs.Evaluation.Results;

namespace LlmObs.PowerShell.Running;

/// <summary>Counts and means over the rows of a run, kept while they come.</summary>
internal sealed class RunTotals
{
    private readonly OrderedDictionary<string, LabelTotal> labels = new(StringComparer.Ordinal);

    public int RowCount { get; private set; }

    public int FailedCount { get; private set; }

    /// <summary>Evaluations that failed, skipped ones not counted.</summary>
    public int ErrorCount { get; private set; }

    public long? InputTokenCount { get; private set; }

    public long? OutputTokenCount { get; private set; }

    public decimal? CostUsd { get; private set; }

    public void Add(ResultRow row)
    {
        RowCount++;
        FailedCount += row.IsFailed ? 1 : 0;
        InputTokenCount = Sum(InputTokenCount, row.InputTokenCount);
        OutputTokenCount = Sum(OutputTokenCount, row.OutputTokenCount);
        CostUsd = row.CostUsd is decimal cost ? (CostUsd ?? 0) + cost : CostUsd;
        foreach (ResultEvaluation evaluation in row.Evaluations)
        {
            if (!labels.TryGetValue(evaluation.Label, out LabelTotal? total))
            {
                labels.Add(evaluation.Label, total = new LabelTotal());
            }

            bool isSkipped = row.IsFailed && evaluation.Error is not null;
            ErrorCount += evaluation.Error is not null && !isSkipped ? 1 : 0;
            total.Add(evaluation, isSkipped);
        }
    }

    public void AddSummary(ResultSummary summary) => ErrorCount += summary.Evaluations.Count(one => one.Error is not null);

    public IReadOnlyList<MetricSummary> Metrics() => [.. labels.Select(pair => pair.Value.ToSummary(pair.Key))];

    /// <summary>What went wrong, as one sentence; null if nothing did.</summary>
    public string? Problem(long unsent)
    {
        string[] problems =
        [
            .. FailedCount > 0 ? [FormattableString.Invariant($"{FailedCount} of {RowCount} rows failed")] : Array.Empty<string>(),
            .. ErrorCount > 0 ? [FormattableString.Invariant($"{ErrorCount} evaluations failed")] : Array.Empty<string>(),
            .. unsent > 0 ? [FormattableString.Invariant($"{unsent} events were not accepted")] : Array.Empty<string>(),
        ];
        return problems.Length == 0 ? null : string.Join("; ", problems);
    }

    private static long? Sum(long? sum, long? more) => more is long given ? (sum ?? 0) + given : sum;

    private sealed class LabelTotal
    {
        private string? type;
        private double sum;
        private int scores;
        private int booleans;
        private int trues;
        private int values;
        private int passed;
        private int failed;
        private int errors;
        private int missing;

        public void Add(ResultEvaluation evaluation, bool isSkipped)
        {
            if (isSkipped)
            {
                missing++;
                return;
            }

            if (evaluation.Error is not null)
            {
                errors++;
                return;
            }

            if (evaluation.Value.IsMissing)
            {
                missing++;
                return;
            }

            values++;
            type ??= evaluation.MetricType;
            passed += evaluation.Assessment == MetricAssessment.Pass ? 1 : 0;
            failed += evaluation.Assessment == MetricAssessment.Fail ? 1 : 0;
            if (evaluation.MetricType == MetricType.Score && evaluation.Score is double score)
            {
                scores++;
                sum += score;
            }
            else if (evaluation.Boolean is bool flag)
            {
                booleans++;
                trues += flag ? 1 : 0;
            }
        }

        public MetricSummary ToSummary(string label) => new()
        {
            Label = label,
            MetricType = type,
            Mean = scores > 0 ? sum / scores : null,
            Rate = booleans > 0 ? (double)trues / booleans : null,
            Count = values,
            PassedCount = passed,
            FailedCount = failed,
            ErrorCount = errors,
            MissingCount = missing,
        };
    }
}
