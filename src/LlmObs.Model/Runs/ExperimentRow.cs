namespace LlmObs;

/// <summary>One record that went through the task and the evaluators once.</summary>
public sealed record ExperimentRow
{
    /// <summary>The id of the dataset's record.</summary>
    public required string RecordId { get; init; }

    /// <summary>The id of the iteration, a UUID that all its rows share.</summary>
    public string? RunId { get; init; }

    /// <summary>The iteration of the run, from 1.</summary>
    public int RunIteration { get; init; } = 1;

    /// <summary>The id of its span.</summary>
    public string? SpanId { get; init; }

    /// <summary>The id of the span that was judged again; null if the row was run.</summary>
    public string? ParentSpanId { get; init; }

    /// <summary>The id of its trace.</summary>
    public string? TraceId { get; init; }

    /// <summary>When the task began, UTC.</summary>
    public DateTimeOffset StartTime { get; init; }

    /// <summary>The duration of the task; of several attempts the last.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>The outcome of the task: one of <see cref="SpanStatus"/>.</summary>
    public string Status { get; init; } = SpanStatus.Ok;

    /// <summary>The task's error; null if it did not fail.</summary>
    public RowError? Error { get; init; }

    /// <summary>The record's input, any JSON value.</summary>
    public object? Input { get; init; }

    /// <summary>The record's expected output, any JSON value.</summary>
    public object? ExpectedOutput { get; init; }

    /// <summary>The task's output, any JSON value.</summary>
    public object? Output { get; init; }

    /// <summary>The record's metadata with the task's own, a JSON object.</summary>
    public object? Metadata { get; init; }

    /// <summary>The record's tags and the task's own, each as <c>key:value</c>.</summary>
    public IReadOnlyList<string> Tags { get => field; init => field = HostSafeList<string>.Of(value); } = HostSafeList<string>.None;

    /// <summary>Tokens sent to a model; null if the task did not report them.</summary>
    public long? InputTokenCount { get; init; }

    /// <summary>Tokens received from a model; null if the task did not report them.</summary>
    public long? OutputTokenCount { get; init; }

    /// <summary>The cost of the task, in US dollars; null if it did not report it.</summary>
    public decimal? CostUsd { get; init; }

    /// <summary>True if the output came from the cache, without running the task.</summary>
    public bool FromCache { get; init; }

    /// <summary>The evaluations, by label.</summary>
    public IReadOnlyDictionary<string, EvaluationResult> Evaluations { get; init; } = new Dictionary<string, EvaluationResult>();

    /// <summary>The record's id.</summary>
    /// <returns><see cref="RecordId"/>.</returns>
    public override string ToString() => RecordId;
}

/// <summary>The error of a row's task, or of one of its evaluators.</summary>
/// <param name="Type">The type of the error, for example <c>System.TimeoutException</c>; null if it is not known.</param>
/// <param name="Stack">The stack trace; null if it is not known.</param>
public sealed record RowError(string Message, string? Type = null, string? Stack = null)
{
    /// <summary>The text in a table's cell.</summary>
    /// <returns>The message.</returns>
    public override string ToString() => Message;
}
