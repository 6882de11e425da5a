using LlmObs.Evaluation.Results;
using LlmObs.Evaluation.Statistics;

namespace LlmObs.Evaluation.Reports;

/// <summary>The totals of one metric over the rows of a run.</summary>
/// <param name="label">The metric's label.</param>
internal sealed class MetricTally(string label)
{
    private readonly List<(int Record, double Value)> _numbers = [];
    private readonly List<(int Record, double Value)> _assessments = [];
    private readonly Dictionary<string, int> _categories = new(StringComparer.Ordinal);
    private bool _hasScores;

    public string Label => label;

    /// <summary>Rows whose evaluator gave a value.</summary>
    public int Count { get; private set; }

    public int PassedCount { get; private set; }

    public int FailedCount { get; private set; }

    /// <summary>Rows whose evaluator failed.</summary>
    public int ErrorCount { get; private set; }

    /// <summary>The count of each category.</summary>
    public IReadOnlyDictionary<string, int> Categories => _categories;

    /// <summary>The form in which the metric is shown: scores, a rate, categories, or JSON without a figure.</summary>
    public string MetricType =>
        _numbers.Count > 0 ? (_hasScores ? LlmObs.MetricType.Score : LlmObs.MetricType.Boolean)
        : _categories.Count > 0 ? LlmObs.MetricType.Categorical
        : _assessments.Count > 0 ? LlmObs.MetricType.Boolean
        : LlmObs.MetricType.Json;

    /// <summary>The scores; 1 and 0 for a rate. If no row has a number or a boolean, a rate is that of the assessments.</summary>
    public IEnumerable<double> Values => Counted.Select(one => one.Value);

    private List<(int Record, double Value)> Counted => _numbers.Count > 0 ? _numbers : _assessments;

    public void Add(int record, ResultEvaluation evaluation)
    {
        Count += evaluation.Value.IsMissing ? 0 : 1;
        ErrorCount += evaluation.Error is null ? 0 : 1;
        PassedCount += evaluation.Assessment == MetricAssessment.Pass ? 1 : 0;
        FailedCount += evaluation.Assessment == MetricAssessment.Fail ? 1 : 0;
        if (evaluation.Assessment is MetricAssessment.Pass or MetricAssessment.Fail)
        {
            _assessments.Add((record, evaluation.Assessment == MetricAssessment.Pass ? 1 : 0));
        }

        if (evaluation.Boolean is bool flag)
        {
            _numbers.Add((record, flag ? 1 : 0));
        }
        else if (evaluation.Score is double score)
        {
            _hasScores = true;
            _numbers.Add((record, score));
        }
        else if (evaluation.Category is string category)
        {
            _categories[category] = _categories.GetValueOrDefault(category) + 1;
        }
    }

    public MetricSummary Summarize(int rows)
    {
        double? mean = Mean()?.Mean;
        return new()
        {
            Label = label,
            MetricType = MetricType,
            Mean = MetricType == LlmObs.MetricType.Score ? mean : null,
            Rate = MetricType == LlmObs.MetricType.Boolean ? mean : null,
            Count = Count,
            PassedCount = PassedCount,
            FailedCount = FailedCount,
            ErrorCount = ErrorCount,
            MissingCount = Math.Max(0, rows - Count - ErrorCount),
        };
    }

    /// <summary>The mean of the records' means with its 95 % interval; null without a number.</summary>
    public (double Mean, double? Low, double? High)? Mean()
    {
        RepeatedRuns runs = new(Counted.GroupBy(one => one.Record, one => one.Value).Select(record => record.ToArray()));
        if (runs.Mean is not double mean)
        {
            return null;
        }

        const double Z = 1.959963984540054;
        if (MetricType == LlmObs.MetricType.Boolean)
        {
            // Wilson's interval: at a rate of 100 % it is not a single point, unlike that of mean and standard error.
            double count = runs.RecordCount;
            double share = Z * Z / count;
            double middle = (mean + (share / 2)) / (1 + share);
            double half = Z / (1 + share) * Math.Sqrt((mean * (1 - mean) / count) + (share / (4 * count)));
            return (mean, Math.Max(0, middle - half), Math.Min(1, middle + half));
        }

        return runs.StandardError is double error ? (mean, mean - (Z * error), mean + (Z * error)) : (mean, null, null);
    }
}
