namespace LlmObs;

/// <summary>What an evaluator is given: a record, what the task made of it, and how.</summary>
public sealed record EvaluatedRow
{
    /// <summary>The id of the dataset's record.</summary>
    public required string RecordId { get; init; }

    /// <summary>Which iteration of the run it is, from 1 on.</summary>
    public int RunIteration { get; init; } = 1;

    /// <summary>The record's input.</summary>
    public object? Input { get; init; }

    /// <summary>What the task gave.</summary>
    public object? Output { get; init; }

    /// <summary>The record's expected output.</summary>
    public object? ExpectedOutput { get; init; }

    /// <summary>The record's metadata with the task's own.</summary>
    public object? Metadata { get; init; }

    /// <summary>The configuration of the run.</summary>
    public object? Config { get; init; }

    /// <summary>How long the task took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Why the task failed; only summary evaluators see such rows.</summary>
    public RowError? Error { get; init; }

    /// <summary>What the evaluators found, by their labels; only summary evaluators see it, null if the task failed.</summary>
    public IReadOnlyDictionary<string, EvaluationResult>? Evaluations { get; init; }
}

/// <summary>What a task gives that has more to say than its output.</summary>
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

    /// <summary>What the call cost, in US dollars.</summary>
    public decimal? CostUsd { get; init; }

    /// <summary>Tags of the row, each as <c>key:value</c>.</summary>
    public IReadOnlyList<string> Tags { get => field; init => field = HostSafeList<string>.Of(value); } = HostSafeList<string>.None;
}
