namespace LlmObs.PowerShell.Gates;

/// <summary>Adds the missing values that a sender counted to the averages of the service.</summary>
internal static class MissingCounts
{
    private const string LabelField = "label";

    /// <summary>
    /// Adds the missing values of each label. A label that no row had a value of is no group of the service, and becomes one here:
    /// a gate must not pass because nothing was measured.
    /// </summary>
    /// <param name="result">The answer.</param>
    /// <param name="wanted">The labels that were asked for; none for all.</param>
    /// <param name="sent">The results of sending.</param>
    /// <returns>The answer itself if its groups are no labels.</returns>
    public static AggregateResult Add(AggregateResult result, AggregateQuery query, IReadOnlyList<string> wanted, IReadOnlyList<SendResult> sent)
    {
        LabelCount[] labels = Sum(sent, wanted);
        if (query.GroupBy.Count == 0)
        {
            return wanted.Count == 1 && labels is [LabelCount only]
                ? result with { Buckets = [.. result.Buckets.Select(bucket => bucket.Counted(GroupCounts.MissingCount, only.MissingCount))] }
                : result;
        }

        if (query.GroupBy is not [string field] || field.TrimStart('@') != LabelField)
        {
            return result;
        }

        List<AggregateBucket> buckets = [.. result.Buckets.Select(bucket =>
            Array.Find(labels, label => label.Label == LabelOf(bucket)) is LabelCount found
                ? bucket.Counted(GroupCounts.MissingCount, found.MissingCount)
                : bucket)];
        IEnumerable<string> metrics = result.Buckets.Count > 0 ? result.Buckets[0].Metrics.Keys : query.Compute.Select(one => one.Name ?? one.Metric);
        foreach (LabelCount empty in labels.Where(label => label.ValueCount == 0 && !buckets.Exists(bucket => LabelOf(bucket) == label.Label)))
        {
            var group = new AggregateBucket
            {
                By = new OrderedDictionary<string, object?> { [field] = empty.Label },
                Metrics = new OrderedDictionary<string, object?>(metrics.Select(metric => KeyValuePair.Create(metric, (object?)null))),
                QueryHitCount = result.HitCount,
            };
            buckets.Add(group.Counted(GroupCounts.EventCount, 0).Counted(GroupCounts.MissingCount, empty.MissingCount));
        }

        return result with { Buckets = buckets };
    }

    /// <summary>The same bucket with one count more.</summary>
    public static AggregateBucket Counted(this AggregateBucket bucket, string name, long count) =>
        bucket with { Counts = new OrderedDictionary<string, object?>(bucket.Counts, StringComparer.Ordinal) { [name] = count } };

    private static LabelCount[] Sum(IReadOnlyList<SendResult> sent, IReadOnlyList<string> wanted) => [.. sent
        .SelectMany(one => one.Labels)
        .Where(label => wanted.Count == 0 || wanted.Contains(label.Label))
        .GroupBy(label => label.Label, StringComparer.Ordinal)
        .Select(label => new LabelCount { Label = label.Key, ValueCount = label.Sum(one => one.ValueCount), MissingCount = label.Sum(one => one.MissingCount) })];

    private static string? LabelOf(AggregateBucket bucket) => bucket.By.Values.FirstOrDefault() as string;
}
