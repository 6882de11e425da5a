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

    /// <summary>What evaluators say of it (<c>eval_metrics</c>): of each label the latest, unless all were asked for.</summary>
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

    /// <summary>Members that this version does not know, under their API names; <c>null</c> where there are none.</summary>
    public object? AdditionalProperties { get; init; }

    /// <summary>The start as a time, UTC, to 100 ns.</summary>
    public DateTimeOffset? StartTime => UnixTime.FromNanoseconds(StartNs);

    /// <summary>The duration, to 100 ns.</summary>
    public TimeSpan? Duration => DurationNs is long duration ? TimeSpan.FromTicks(duration / TimeSpan.NanosecondsPerTick) : null;
}
