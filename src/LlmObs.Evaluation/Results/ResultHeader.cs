namespace LlmObs.Evaluation.Results;

/// <summary>The first line of a result file: which experiment its rows belong to.</summary>
public sealed record ResultHeader
{
    /// <summary>The newest version of the format that this module knows.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The version of the format.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>The id of the experiment.</summary>
    public required string ExperimentId { get; init; }

    /// <summary>The experiment's name.</summary>
    public string? Name { get; init; }

    /// <summary>The experiment's logical name, the same for all its runs (<c>experiment</c>).</summary>
    public string? LogicalName { get; init; }

    /// <summary>The id of the project.</summary>
    public string? ProjectId { get; init; }

    /// <summary>The name of the project.</summary>
    public string? ProjectName { get; init; }

    /// <summary>The id of the dataset.</summary>
    public string? DatasetId { get; init; }

    /// <summary>The name of the dataset.</summary>
    public string? DatasetName { get; init; }

    /// <summary>The version of the dataset.</summary>
    public long? DatasetVersion { get; init; }

    /// <summary>The id of the experiment that this one is compared with, or whose rows it judges again.</summary>
    public string? ParentExperimentId { get; init; }

    /// <summary>True if its rows are copies of the parent's, judged again (<c>rescored</c>).</summary>
    public bool IsRescored { get; init; }

    /// <summary>The experiment's description.</summary>
    public string? Description { get; init; }

    /// <summary>The configuration, a JSON object.</summary>
    public RawJson Config { get; init; }

    /// <summary>The metadata, a JSON object.</summary>
    public RawJson Metadata { get; init; }

    /// <summary>The number of iterations per record.</summary>
    public int RunCount { get; init; } = 1;

    /// <summary>The selection of the dataset's records (<c>selection</c>), a JSON object; missing if it is all of them.</summary>
    public RawJson Selection { get; init; }

    /// <summary>Tags of every span, each as <c>key:value</c> (<c>span_tags</c>).</summary>
    public IReadOnlyList<string> SpanTags { get; init; } = [];

    /// <summary>The experiment's page in the web application.</summary>
    public string? Url { get; init; }

    /// <summary>When the run began.</summary>
    public DateTimeOffset? StartedAt { get; init; }
}
