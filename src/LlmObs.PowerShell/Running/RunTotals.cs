using System.Globalization;
using System.Management.Automation;
using LlmObs.Evaluation.Results;

namespace LlmObs.PowerShell.Running;

/// <summary>Counts and means over the rows of a run, kept while they come.</summary>
internal sealed class RunTotals
{
    private readonly OrderedDictionary<string, LabelTotal> _labels = new(StringComparer.Ordinal);

    private readonly HashSet<string> _several = new(StringComparer.Ordinal); // evaluators whose metrics have labels of their own

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
            if (!_labels.TryGetValue(evaluation.Label, out LabelTotal? total))
            {
                _labels.Add(evaluation.Label, total = new LabelTotal());
            }

            if (evaluation.Evaluator is not null)
            {
                _several.Add(evaluation.Evaluator);
            }

            bool isSkipped = row.IsFailed && evaluation.Error is not null;
            ErrorCount += evaluation.Error is not null && !isSkipped ? 1 : 0;
            total.Add(evaluation, isSkipped);
        }
    }

    public void AddSummary(ResultSummary summary) => ErrorCount += summary.Evaluations.Count(one => one.Error is not null);

    /// <summary>Each metric over all rows; a row that has no value of it and no error counts as missing, for whatever reason.</summary>
    public IReadOnlyList<MetricSummary> Metrics() =>
        [.. _labels.Where(pair => !pair.Value.IsEmpty || !_several.Contains(pair.Key)).Select(pair => pair.Value.ToSummary(pair.Key, RowCount))];

    /// <summary>The problem, as one sentence; null if there is none.</summary>
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
        private string? _type;
        private double _sum;
        private int _scores;
        private int _booleans;
        private int _trues;
        private int _values;
        private int _passed;
        private int _failed;
        private int _errors;

        /// <summary>True if the evaluator was only skipped.</summary>
        public bool IsEmpty => _values + _errors == 0;

        public void Add(ResultEvaluation evaluation, bool isSkipped)
        {
            if (evaluation.Error is not null)
            {
                _errors += isSkipped ? 0 : 1;
                return;
            }

            if (evaluation.Value.IsMissing)
            {
                return;
            }

            _values++;
            _type ??= evaluation.MetricType;
            _passed += evaluation.Assessment == MetricAssessment.Pass ? 1 : 0;
            _failed += evaluation.Assessment == MetricAssessment.Fail ? 1 : 0;
            if (evaluation.MetricType == MetricType.Score && evaluation.Score is double score)
            {
                _scores++;
                _sum += score;
            }
            else if (evaluation.Boolean is bool flag)
            {
                _booleans++;
                _trues += flag ? 1 : 0;
            }
        }

        public MetricSummary ToSummary(string label, int rows) => new()
        {
            Label = label,
            MetricType = _type,
            Mean = _scores > 0 ? _sum / _scores : null,
            Rate = _booleans > 0 ? (double)_trues / _booleans : null,
            Count = _values,
            PassedCount = _passed,
            FailedCount = _failed,
            ErrorCount = _errors,
            MissingCount = rows - _values - _errors,
        };
    }
}

/// <summary>Shows how a run goes: rows, failures, rate and time left; at most four times a second.</summary>
internal sealed class RunProgress(LlmObsCmdlet cmdlet, string name)
{
    private const long IntervalMs = 250;

    private readonly string _activity = $"Running {name}";
    private readonly long _started = Environment.TickCount64;
    private long _next = Environment.TickCount64 + IntervalMs;
    private bool _shown;

    /// <param name="done">Rows that are finished.</param>
    /// <param name="failed">The failed ones of them.</param>
    /// <param name="total">The expected total; null if it is unknown.</param>
    public void Show(int done, int failed, long? total)
    {
        long now = Environment.TickCount64;
        if (now < _next)
        {
            return;
        }

        _next = now + IntervalMs;
        _shown = true;
        double rate = done / (Math.Max(now - _started, 1) / 1000d);
        string of = total is long all ? string.Create(CultureInfo.CurrentCulture, $" of {all:N0}") : string.Empty;
        var record = new ProgressRecord(0, _activity, string.Create(CultureInfo.CurrentCulture, $"{done:N0}{of} rows, {failed:N0} failed, {rate:N1} a second"));
        if (total is > 0)
        {
            record.PercentComplete = (int)Math.Min(100, 100L * done / total.Value);
            record.SecondsRemaining = rate > 0 ? (int)Math.Min(int.MaxValue, (total.Value - done) / rate) : -1;
        }

        cmdlet.WriteProgress(record);
    }

    public void End()
    {
        if (_shown)
        {
            cmdlet.WriteProgress(new ProgressRecord(0, _activity, "done") { RecordType = ProgressRecordType.Completed });
        }
    }
}
