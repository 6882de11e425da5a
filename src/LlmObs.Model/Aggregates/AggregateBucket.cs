namespace LlmObs;

/// <remarks>Source: the response model of "Aggregate LLM Observability experimentation".</remarks>
/// <summary>One group of an aggregate: what it was grouped by, and what was computed for it.</summary>
public record AggregateBucket
{
    /// <summary>The group's fields (<c>by</c>), under the names that were asked for.</summary>
    public required IReadOnlyDictionary<string, object?> By { get; init; }

    /// <summary>The computed values (<c>metrics</c>), under the alias that was asked for, else under the metric's name.</summary>
    public required IReadOnlyDictionary<string, object?> Metrics { get; init; }

    /// <summary>The events that the query matched before grouping (<c>hit_count</c>); the same in every bucket of an answer.</summary>
    public long HitCount { get; init; }
}
