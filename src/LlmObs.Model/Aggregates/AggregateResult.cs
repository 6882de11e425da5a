using System.Collections.ObjectModel;

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

/// <remarks>Source: the response model of "Aggregate LLM Observability experimentation".</remarks>
/// <summary>One group of an aggregate: its key, and its computed metrics.</summary>
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

    /// <summary>The events that the whole query matched before grouping (<c>hit_count</c>), instead of those of the group: the same in every bucket of an answer.</summary>
    public long QueryHitCount { get; init; }
}

/// <summary>The counts of an aggregate's group, which the module adds to the service's results.</summary>
public static class GroupCounts
{
    /// <summary>The values in the group: its events without evaluations that failed or were skipped.</summary>
    public const string ValueCount = "n";

    /// <summary>The part of the group's assessments that are pass, 0 to 1.</summary>
    public const string PassRate = "pass_rate";

    /// <summary>The group's part, 0 to 1, of the events of all groups that differ from it only in the last group field.</summary>
    public const string Share = "share";

    /// <summary>Rows of a table or a run that had no value of the group's label, as the sender or the run counted them.</summary>
    public const string MissingCount = "missing";

    /// <summary>Rows of a run whose evaluator of the group's label failed, as the run counted them.</summary>
    public const string ErrorCount = "errors";
}
