namespace LlmObs.PowerShell.Gates;

/// <summary>The metrics that an aggregate computes by default: the average of scores and the rate of true.</summary>
internal static class DefaultMetrics
{
    public static AggregateCompute Score { get; } = new("score_value");

    public static AggregateCompute Boolean { get; } = new("boolean_value");

    /// <summary>Leaves out metrics without any value; if there is none at all, the score stays.</summary>
    public static AggregateResult WithoutEmpty(AggregateResult result)
    {
        HashSet<string> valued = [.. result.Buckets.SelectMany(bucket => bucket.Metrics).Where(metric => metric.Value is not null).Select(metric => metric.Key)];
        bool IsKept(string metric) =>
            metric == Score.Metric ? valued.Contains(metric) || !valued.Contains(Boolean.Metric)
            : metric != Boolean.Metric || valued.Contains(metric);
        return result with
        {
            Buckets = [.. result.Buckets.Select(bucket => bucket with
            {
                Metrics = new OrderedDictionary<string, object?>(bucket.Metrics.Where(metric => IsKept(metric.Key)), StringComparer.Ordinal),
            })],
        };
    }
}
