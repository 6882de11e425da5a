using System.Collections.ObjectModel;

namespace LlmObs;

/// <remarks>Source: the response model of "Aggregate LLM Observability experimentation".</remarks>
/// <summary>One group of an aggregate: what it was grouped by, and what was computed for it.</summary>
public record AggregateBucket
{
    /// <summary>The group's fields (<c>by</c>), under the names that were asked for.</summary>
    public virtual IReadOnlyDictionary<string, object?> By { get; init; } = ReadOnlyDictionary<string, object?>.Empty;

    /// <summary>The computed values (<c>metrics</c>), under the alias that was asked for, else under the metric's name.</summary>
    public virtual IReadOnlyDictionary<string, object?> Metrics { get; init; } = ReadOnlyDictionary<string, object?>.Empty;

    /// <summary>
    /// What was counted for the group, under the names of <see cref="GroupCounts"/>. A count that is not known is not there.
    /// </summary>
    public virtual IReadOnlyDictionary<string, object?> Counts { get; init; } = ReadOnlyDictionary<string, object?>.Empty;

    /// <summary>The events that the whole query matched before grouping (<c>hit_count</c>), and not those of the group: the same in every bucket of an answer.</summary>
    public long QueryHitCount { get; init; }
}
