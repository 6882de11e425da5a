namespace LlmObs.PowerShell.Running;

/// <summary>Where a run is recorded, and on what.</summary>
internal sealed record RunTarget
{
    public required string ExperimentId { get; init; }

    /// <summary>The name that the experiment was created with, without the service's suffix.</summary>
    public required string ExperimentName { get; init; }

    /// <summary>The name of spans; null for <see cref="ExperimentName"/>.</summary>
    public string? SpanName { get; init; }

    public required string ProjectId { get; init; }

    public string? ProjectName { get; init; }

    public required string DatasetId { get; init; }

    public string? DatasetName { get; init; }

    /// <summary>The user's tags, for every span.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];
}
