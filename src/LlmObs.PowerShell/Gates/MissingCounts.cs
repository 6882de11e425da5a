namespace LlmObs.PowerShell.Gates;

/// <summary>Puts what a sender or a run counted, and the service can't know, beside the averages of the service.</summary>
internal static class MissingCounts
{
    private const string LabelField = "label";

    /// <summary>
    /// Adds the missing values of each label, and of a run the failed evaluations. A label that no row had a value of may be no group
    /// of the service, and becomes one here: a gate must not pass because nothing was measured.
    /// </summary>
    /// <param name="result">The answer.</param>
    /// <param name="wanted">The labels that were asked for; none for all.</param>
    /// <param name="sent">What was sent.</param>
    /// <param name="runs">What was run.</param>
    /// <returns>The answer itself if its groups are no labels.</returns>
    public static AggregateResult Add(
        AggregateResult result, AggregateQuery query, IReadOnlyList<string> wanted, IReadOnlyList<SendResult> sent, IReadOnlyList<ExperimentRun> runs)
    {
        KnownCounts[] labels = Sum(sent, runs, wanted);
        if (query.GroupBy.Count == 0)
        {
            return wanted.Count == 1 && labels is [KnownCounts only]
                ? result with { Buckets = [.. result.Buckets.Select(only.AddTo)] }
                : result;
        }

        if (query.GroupBy is not [string field] || field.TrimStart('@') != LabelField)
        {
            return result;
        }

        List<AggregateBucket> buckets = [.. result.Buckets.Select(bucket =>
            Array.Find(labels, label => label.Label == LabelOf(bucket)) is KnownCounts found ? found.AddTo(bucket) : bucket)];
        IEnumerable<string> metrics = result.Buckets.Count > 0 ? result.Buckets[0].Metrics.Keys : query.Compute.Select(one => one.Name ?? one.Metric);
        foreach (KnownCounts empty in labels.Where(label => label.Values == 0 && !buckets.Exists(bucket => LabelOf(bucket) == label.Label)))
        {
            buckets.Add(empty.AddTo(new AggregateBucket
            {
                By = new OrderedDictionary<string, object?> { [field] = empty.Label },
                Metrics = new OrderedDictionary<string, object?>(metrics.Select(metric => KeyValuePair.Create(metric, (object?)null))),
                QueryHitCount = result.HitCount,
            }));
        }

        return result with { Buckets = buckets };
    }

    /// <summary>The same bucket with one count more.</summary>
    public static AggregateBucket Counted(this AggregateBucket bucket, string name, long count) =>
        bucket with { Counts = new OrderedDictionary<string, object?>(bucket.Counts, StringComparer.Ordinal) { [name] = count } };

    private static KnownCounts[] Sum(IReadOnlyList<SendResult> sent, IReadOnlyList<ExperimentRun> runs, IReadOnlyList<string> wanted) => [.. sent
        .SelectMany(one => one.Labels)
        .Select(label => new KnownCounts(label.Label, label.ValueCount, label.MissingCount, null))
        .Concat(runs.SelectMany(run => run.Metrics).Select(metric => new KnownCounts(metric.Label, metric.Count, metric.MissingCount, metric.ErrorCount)))
        .Where(label => wanted.Count == 0 || wanted.Contains(label.Label))
        .GroupBy(label => label.Label, StringComparer.Ordinal)
        .Select(same => same.Aggregate((one, other) => one.Plus(other)))];

    private static string? LabelOf(AggregateBucket bucket) => bucket.By.Values.FirstOrDefault() as string;

    /// <param name="Label">The label.</param>
    /// <param name="Values">Rows with a value.</param>
    /// <param name="Missing">Rows without one.</param>
    /// <param name="Errors">Rows whose evaluator failed; null if only values were sent.</param>
    private sealed record KnownCounts(string Label, long Values, long Missing, long? Errors)
    {
        public KnownCounts Plus(KnownCounts other) =>
            new(Label, Values + other.Values, Missing + other.Missing, Errors is null && other.Errors is null ? null : (Errors ?? 0) + (other.Errors ?? 0));

        public AggregateBucket AddTo(AggregateBucket bucket)
        {
            bucket = Values > 0 || bucket.Counts.ContainsKey(GroupCounts.ValueCount) ? bucket : bucket.Counted(GroupCounts.ValueCount, 0);
            bucket = bucket.Counted(GroupCounts.MissingCount, Missing);
            return Errors is long errors ? bucket.Counted(GroupCounts.ErrorCount, errors) : bucket;
        }
    }
}
