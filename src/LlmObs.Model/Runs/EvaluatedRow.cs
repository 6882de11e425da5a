namespace LlmObs;

/// <summary>An evaluator's input: a record, the task's output, and its circumstances.</summary>
public sealed record EvaluatedRow
{
    /// <summary>The id of the dataset's record.</summary>
    public required string RecordId { get; init; }

    /// <summary>The iteration of the run, from 1.</summary>
    public int RunIteration { get; init; } = 1;

    /// <summary>The record's input.</summary>
    public object? Input { get; init; }

    /// <summary>The task's output.</summary>
    public object? Output { get; init; }

    /// <summary>The record's expected output.</summary>
    public object? ExpectedOutput { get; init; }

    /// <summary>The record's metadata with the task's own.</summary>
    public object? Metadata { get; init; }

    /// <summary>The configuration of the run.</summary>
    public object? Config { get; init; }

    /// <summary>The duration of the task.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>The task's error; only summary evaluators see failed rows.</summary>
    public RowError? Error { get; init; }

    /// <summary>The evaluations, by label; only summary evaluators see them, null if the task failed.</summary>
    public IReadOnlyDictionary<string, EvaluationResult>? Evaluations { get; init; }
}

/// <summary>The result of a task that returns more than its output.</summary>
public sealed record TaskResult
{
    /// <summary>The output, any JSON value.</summary>
    public object? Output { get; init; }

    /// <summary>Metadata of the row, a JSON object; null for none.</summary>
    public object? Metadata { get; init; }

    /// <summary>Tokens sent to a model.</summary>
    public long? InputTokenCount { get; init; }

    /// <summary>Tokens got from a model.</summary>
    public long? OutputTokenCount { get; init; }

    /// <summary>The cost of the call, in US dollars.</summary>
    public decimal? CostUsd { get; init; }

    /// <summary>Tags of the row, each as <c>key:value</c>.</summary>
    public IReadOnlyList<string> Tags { get => field; init => field = HostSafeList<string>.Of(value); } = HostSafeList<string>.None;
}
