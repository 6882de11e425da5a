using LlmObs.Evaluation.Results;

namespace LlmObs.PowerShell.Running;

/// <summary>What came of running a task once.</summary>
internal sealed record AttemptResult
{
    /// <summary>Nanoseconds since 1970, UTC.</summary>
    public required long StartNs { get; init; }

    public required long DurationNs { get; init; }

    public object? Output { get; init; }

    public RawJson OutputJson { get; init; }

    /// <summary>What the task told beside its output.</summary>
    public TaskResult? Told { get; init; }

    public RawJson MetadataJson { get; init; }

    public RowError? Error { get; init; }

    /// <summary>How long a service asked to be left alone.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public bool FromCache { get; init; }

    /// <summary>What came of it when it was run before.</summary>
    public static AttemptResult Of(ResultRow stored) => new()
    {
        StartNs = stored.StartNs ?? 0,
        DurationNs = stored.DurationNs ?? 1,
        Output = JsonSnapshot.Read(stored.Output),
        OutputJson = stored.Output,
        Error = stored.IsFailed ? stored.Error ?? new RowError("The task failed; its row does not say why.") : null,
    };
}
