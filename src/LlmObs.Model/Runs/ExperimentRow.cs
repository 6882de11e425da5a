namespace LlmObs;

/// <summary>One record that went through the task and the evaluators once.</summary>
public sealed record ExperimentRow
{
    /// <summary>The id of the dataset's record.</summary>
    public required string RecordId { get; init; }

    /// <summary>The id of the iteration, a UUID that all its rows share.</summary>
    public string? RunId { get; init; }

    /// <summary>Which iteration of the run it is, from 1 on.</summary>
    public int RunIteration { get; init; } = 1;

    /// <summary>The id of its span.</summary>
    public string? SpanId { get; init; }

    /// <summary>The id of the span that was judged again; null if the row was run.</summary>
    public string? ParentSpanId { get; init; }

    /// <summary>The id of its trace.</summary>
    public string? TraceId { get; init; }

    /// <summary>When the task began, UTC.</summary>
    public DateTimeOffset StartTime { get; init; }

    /// <summary>How long the task took; of several attempts the last one.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>How the task ended: one of <see cref="SpanStatus"/>.</summary>
    public string Status { get; init; } = SpanStatus.Ok;

    /// <summary>Why the task failed; null if it did not.</summary>
    public RowError? Error { get; init; }

    /// <summary>The record's input, any JSON value.</summary>
    public object? Input { get; init; }

    /// <summary>The record's expected output, any JSON value.</summary>
    public object? ExpectedOutput { get; init; }

    /// <summary>What the task gave, any JSON value.</summary>
    public object? Output { get; init; }

    /// <summary>The record's metadata with the task's own, a JSON object.</summary>
    public object? Metadata { get; init; }

    /// <summary>The record's tags and the task's own, each as <c>key:value</c>.</summary>
    public IReadOnlyList<string> Tags { get => field; init => field = HostSafeList<string>.Of(value); } = HostSafeList<string>.None;

    /// <summary>Tokens that the task sent to a model; null if it did not say.</summary>
    public long? InputTokenCount { get; init; }

    /// <summary>Tokens that the task got from a model; null if it did not say.</summary>
    public long? OutputTokenCount { get; init; }

    /// <summary>What the task cost, in US dollars; null if it did not say.</summary>
    public decimal? CostUsd { get; init; }

    /// <summary>Whether the output was taken from the cache, and the task not run.</summary>
    public bool FromCache { get; init; }

    /// <summary>What the evaluators found, by their labels.</summary>
    public IReadOnlyDictionary<string, EvaluationResult> Evaluations { get; init; } = new Dictionary<string, EvaluationResult>();

    /// <summary>The record's id.</summary>
    /// <returns><see cref="RecordId"/>.</returns>
    public override string ToString() => RecordId;
}

/// <summary>What went wrong with a row's task, or with one of its evaluators.</summary>
/// <param name="Message">What happened.</param>
/// <param name="Type">The type of the error, for example <c>System.TimeoutException</c>; null if it is not known.</param>
/// <param name="Stack">Where it happened; null if it is not known.</param>
public sealed record RowError(string Message, string? Type = null, string? Stack = null)
{
    /// <summary>What a table's cell shows.</summary>
    /// <returns>The message.</returns>
    public override string ToString() => Message;
}
