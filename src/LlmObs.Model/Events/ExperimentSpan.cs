namespace LlmObs;

/// <summary>
/// A span as the service gives it back, with its metrics. Every field may be missing, and what this version does not know
/// is kept. Source: the response model of "List events for an LLM Observability experiment".
/// </summary>
public sealed record ExperimentSpan
{
    /// <summary>The span's id (<c>span_id</c>, else <c>id</c>).</summary>
    public string? SpanId { get; init; }

    /// <summary><c>trace_id</c>.</summary>
    public string? TraceId { get; init; }

    /// <summary>The span that it is part of (<c>parent_id</c>).</summary>
    public string? ParentId { get; init; }

    /// <summary><c>name</c>.</summary>
    public string? Name { get; init; }

    /// <summary><c>status</c>: <c>ok</c> or <c>error</c>.</summary>
    public string? Status { get; init; }

    /// <summary><c>start_ns</c>: nanoseconds since the Unix epoch.</summary>
    public long? StartNs { get; init; }

    /// <summary><c>duration</c>: nanoseconds, rounded; a duration with a fraction is in <see cref="AdditionalProperties"/> as it came.</summary>
    public long? DurationNs { get; init; }

    /// <summary><c>meta.input</c>.</summary>
    public object? Input { get; init; }

    /// <summary><c>meta.output</c>.</summary>
    public object? Output { get; init; }

    /// <summary><c>meta.expected_output</c>.</summary>
    public object? ExpectedOutput { get; init; }

    /// <summary><c>meta.error.message</c>.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary><c>meta.error.type</c>.</summary>
    public string? ErrorType { get; init; }

    /// <summary><c>meta.error.stack</c>.</summary>
    public string? ErrorStack { get; init; }

    /// <summary><c>meta.metadata</c>, a JSON object.</summary>
    public object? Metadata { get; init; }

    /// <summary><c>tags</c>.</summary>
    public IReadOnlyList<string> Tags { get; init => field = HostSafeList<string>.Of(value); } = HostSafeList<string>.None;

    /// <summary>Its evaluations (<c>eval_metrics</c>): the latest of each label, unless all were requested.</summary>
    public IReadOnlyList<ExperimentMetric> EvalMetrics { get; init => field = HostSafeList<ExperimentMetric>.Of(value); } = HostSafeList<ExperimentMetric>.None;

    /// <summary>Numbers that were measured with the span itself (<c>metrics</c>), a JSON object.</summary>
    public object? Measures { get; init; }

    /// <summary><c>project_id</c>.</summary>
    public string? ProjectId { get; init; }

    /// <summary><c>dataset_id</c>.</summary>
    public string? DatasetId { get; init; }

    /// <summary>The record of the dataset that was evaluated (<c>dataset_record_id</c>).</summary>
    public string? DatasetRecordId { get; init; }

    /// <summary>The experiment that was asked for; the service does not send it.</summary>
    public string? ExperimentId { get; init; }

    /// <summary>Members that this version does not know, under their API names; <c>null</c> if there are none.</summary>
    public object? AdditionalProperties { get; init; }

    /// <summary>The start as a time, UTC, to 100 ns.</summary>
    public DateTimeOffset? StartTime => UnixTime.FromNanoseconds(StartNs);

    /// <summary>The duration, to 100 ns.</summary>
    public TimeSpan? Duration => DurationNs is long duration ? TimeSpan.FromTicks(duration / TimeSpan.NanosecondsPerTick) : null;
}

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

    /// <summary>The type of its value (<c>metric_type</c>): see <see cref="LlmObs.MetricType"/>.</summary>
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

    /// <summary>The evaluator's error (<c>error.message</c>).</summary>
    public string? ErrorMessage { get; init; }

    /// <summary><c>metadata</c>, a JSON object.</summary>
    public object? Metadata { get; init; }

    /// <summary><c>tags</c>.</summary>
    public IReadOnlyList<string> Tags { get; init => field = HostSafeList<string>.Of(value); } = HostSafeList<string>.None;

    /// <summary>Its source (<c>metric_source</c>): <c>custom</c>, or <c>summary</c> for the whole experiment.</summary>
    public string? MetricSource { get; init; }

    /// <summary>The kind of its evaluator (<c>eval_source_type</c>).</summary>
    public string? EvalSourceType { get; init; }

    /// <summary>Members that this version does not know, under their API names; <c>null</c> if there are none.</summary>
    public object? AdditionalProperties { get; init; }

    /// <summary>When it was measured, UTC, to the millisecond.</summary>
    public DateTimeOffset? Timestamp => UnixTime.FromMilliseconds(TimestampMs);

    /// <summary>The value of the type <see cref="MetricType"/>; if that is none of the four, the value that is present.</summary>
    public object? Value => MetricType switch
    {
        LlmObs.MetricType.Score => ScoreValue,
        LlmObs.MetricType.Categorical => CategoricalValue,
        LlmObs.MetricType.Boolean => BooleanValue,
        LlmObs.MetricType.Json => JsonValue,
        _ => ScoreValue ?? (object?)CategoricalValue ?? BooleanValue ?? JsonValue,
    };

    /// <summary>The text of a metric in a table cell.</summary>
    /// <returns>Its label and value.</returns>
    public override string ToString() => FormattableString.Invariant($"{Label}={Value}");
}

/// <summary>The two kinds of events that an experiment is filled with.</summary>
public enum EventKind
{
    /// <summary>A call that was evaluated: input, output, timing.</summary>
    Span,

    /// <summary>An evaluator's value for a span.</summary>
    Metric,
}

/// <summary>Times that the service gives as numbers since the Unix epoch; one that no calendar has is no time.</summary>
internal static class UnixTime
{
    public static DateTimeOffset? FromNanoseconds(long? value) =>
        value is long nanoseconds ? DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / TimeSpan.NanosecondsPerTick) : null;

    public static DateTimeOffset? FromMilliseconds(long? value)
    {
        long least = DateTimeOffset.MinValue.ToUnixTimeMilliseconds(), most = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();
        return value >= least && value <= most ? DateTimeOffset.FromUnixTimeMilliseconds(value.Value) : null;
    }
}
