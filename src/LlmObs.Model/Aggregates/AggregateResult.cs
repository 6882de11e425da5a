namespace LlmObs;

/// <summary>The answer to an aggregate. Source: the response model of "Aggregate LLM Observability experimentation".</summary>
public sealed record AggregateResult
{
    /// <summary>The service's id for this answer (<c>data.id</c>).</summary>
    public string? Id { get; init; }

    /// <summary>The events that the query matched before grouping (<c>hit_count</c>).</summary>
    public long HitCount { get; init; }

    /// <summary>One bucket a group (<c>result.values</c>), in the order of the answer.</summary>
    public required IReadOnlyList<AggregateBucket> Buckets { get; init; }
}
