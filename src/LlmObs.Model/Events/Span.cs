namespace LlmObs;

/// <summary>
/// One span of an experiment: a call that was evaluated, with its input, output and timing. Source: the request model of
/// "Push events for an LLM Observability experiment".
/// </summary>
public sealed record Span
{
    /// <summary><c>span_id</c>: 16 hex digits or a decimal u64 by custom, any text by contract.</summary>
    public required string SpanId { get; init; }

    /// <summary><c>trace_id</c>: 32 hex digits by custom. It should differ from the span's id.</summary>
    public required string TraceId { get; init; }

    /// <summary><c>name</c>.</summary>
    public required string Name { get; init; }

    /// <summary><c>start_ns</c>: nanoseconds since the Unix epoch.</summary>
    public required long StartNs { get; init; }

    /// <summary><c>duration</c>: nanoseconds.</summary>
    public required long DurationNs { get; init; }

    /// <summary><c>status</c>: <c>ok</c> or <c>error</c>.</summary>
    public string Status { get; init; } = SpanStatus.Ok;

    /// <summary><c>project_id</c>; if null, the project of the experiment it is sent to.</summary>
    public string? ProjectId { get; init; }

    /// <summary><c>dataset_id</c>; if null, the dataset of the experiment it is sent to.</summary>
    public string? DatasetId { get; init; }

    /// <summary><c>meta.input</c>: any value that JSON can hold.</summary>
    public object? Input { get; init; }

    /// <summary><c>meta.output</c>: any value that JSON can hold.</summary>
    public object? Output { get; init; }

    /// <summary><c>meta.expected_output</c>: an object by the documents; the live service takes any value.</summary>
    public object? ExpectedOutput { get; init; }

    /// <summary><c>meta.error.message</c>.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary><c>meta.error.type</c>.</summary>
    public string? ErrorType { get; init; }

    /// <summary><c>meta.error.stack</c>.</summary>
    public string? ErrorStack { get; init; }

    /// <summary><c>tags</c>, each <c>key:value</c> by custom.</summary>
    public IReadOnlyList<string> Tags { get; init => field = HostSafeList<string>.Of(value); } = HostSafeList<string>.None;

    /// <summary>The start as a time, UTC, to 100 ns.</summary>
    public DateTimeOffset StartTime => DateTimeOffset.UnixEpoch.AddTicks(StartNs / TimeSpan.NanosecondsPerTick);

    /// <summary>The duration, to 100 ns.</summary>
    public TimeSpan Duration => TimeSpan.FromTicks(DurationNs / TimeSpan.NanosecondsPerTick);
}

/// <summary>The states of a span that the API takes.</summary>
public static class SpanStatus
{
    /// <summary>The call succeeded.</summary>
    public const string Ok = "ok";

    /// <summary>The call failed.</summary>
    public const string Error = "error";

    /// <summary>All states.</summary>
    public static IReadOnlyList<string> All { get; } = [Ok, Error];
}
