namespace LlmObs.Evaluation.Results;

/// <summary>How a run ended.</summary>
public sealed record ResultEnd
{
    /// <summary>One of <see cref="ExperimentStatus"/>.</summary>
    public required string Status { get; init; }

    /// <summary>What went wrong; null if nothing did.</summary>
    public string? Error { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }
}
