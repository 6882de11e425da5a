namespace LlmObs;

/// <summary>
/// A metric as the service gives it back. Every field may be missing, and what this version does not know is kept.
/// Source: the response model of "List events for an LLM Observability experiment".
/// </summary>
public sealed record ExperimentMetric
{
    /// <summary>The id that the service gave it (<c>id</c>).</summary>
    public string? Id { get; init; }

    /// <summary>The span that is measured (<c>span_id</c>); empty for a metric of the experiment as a whole.</summary>
    public string? SpanId { get; init; }

    /// <summary>The trace of that span (<c>trace_id</c>).</summary>
    public string? TraceId { get; init; }

    /// <summary>The evaluator's name (<c>label</c>).</summary>
    public string? Label { get; init; }

    /// <summary>Which kind of value it carries (<c>metric_type</c>): see <see cref="LlmObs.MetricType"/>.</summary>
    public string? MetricType { get; init; }

    /// <summary>When it was measured, in milliseconds since the Unix epoch (<c>timestamp_ms</c>).</summary>
    public long? TimestampMs { get; init; }

    /// <summary><c>score_value</c>.</summary>
    public double? ScoreValue { get; init; }

    /// <summary><c>categorical_value</c>.</summary>
    public string? CategoricalValue { get; init; }

    /// <summary><c>boolean_value</c>.</summary>
    public bool? BooleanValue { get; init; }

    /// <summary><c>json_value</c>.</summary>
    public object? JsonValue { get; init; }

    /// <summary><c>assessment</c>: <c>pass</c> or <c>fail</c>.</summary>
    public string? Assessment { get; init; }

    /// <summary><c>reasoning</c>.</summary>
    public string? Reasoning { get; init; }

    /// <summary>Why the evaluator gave no value (<c>error.message</c>).</summary>
    public string? ErrorMessage { get; init; }

    /// <summary><c>metadata</c>, a JSON object.</summary>
    public object? Metadata { get; init; }

    /// <summary><c>tags</c>.</summary>
    public IReadOnlyList<string> Tags { get; init => field = HostSafeList<string>.Of(value); } = HostSafeList<string>.None;

    /// <summary>Where it comes from (<c>metric_source</c>): <c>custom</c>, or <c>summary</c> for the experiment as a whole.</summary>
    public string? MetricSource { get; init; }

    /// <summary>What evaluated it (<c>eval_source_type</c>).</summary>
    public string? EvalSourceType { get; init; }

    /// <summary>Members that this version does not know, under their API names; <c>null</c> where there are none.</summary>
    public object? AdditionalProperties { get; init; }

    /// <summary>When it was measured, UTC, to the millisecond.</summary>
    public DateTimeOffset? Timestamp => UnixTime.FromMilliseconds(TimestampMs);

    /// <summary>The value that <see cref="MetricType"/> speaks of; where it names none of the four, the one that is there.</summary>
    public object? Value => MetricType switch
    {
        LlmObs.MetricType.Score => ScoreValue,
        LlmObs.MetricType.Categorical => CategoricalValue,
        LlmObs.MetricType.Boolean => BooleanValue,
        LlmObs.MetricType.Json => JsonValue,
        _ => ScoreValue ?? (object?)CategoricalValue ?? BooleanValue ?? JsonValue,
    };

    /// <summary>What a table cell shows of a metric.</summary>
    /// <returns>Its label and value.</returns>
    public override string ToString() => FormattableString.Invariant($"{Label}={Value}");
}
