namespace LlmObs;

/// <summary>
/// What "create experiment" sends. Fields that are not given are left out, fields given as <c>null</c> are sent as
/// <c>null</c>. Source: the request model of "Create an LLM Observability experiment".
/// </summary>
public sealed record ExperimentDraft
{
    /// <summary><c>name</c>, required.</summary>
    public required string Name { get; init; }

    /// <summary><c>project_id</c>, required.</summary>
    public required string ProjectId { get; init; }

    /// <summary><c>dataset_id</c>; required until mid 2026, optional since.</summary>
    public Optional<string> DatasetId { get; init; }

    /// <summary><c>dataset_version</c>; if it is absent, the service takes the current version.</summary>
    public Optional<long?> DatasetVersion { get; init; }

    /// <summary><c>description</c>.</summary>
    public Optional<string> Description { get; init; }

    /// <summary><c>config</c>: anything that becomes a JSON object.</summary>
    public Optional<object> Config { get; init; }

    /// <summary><c>metadata</c>: anything that becomes a JSON object.</summary>
    public Optional<object> Metadata { get; init; }

    /// <summary><c>ensure_unique</c>; if it is absent, the service takes <c>true</c>.</summary>
    public Optional<bool?> EnsureUnique { get; init; }

    /// <summary><c>parent_experiment_id</c>: the baseline.</summary>
    public Optional<string> ParentExperimentId { get; init; }

    /// <summary><c>run_count</c>.</summary>
    public Optional<int?> RunCount { get; init; }
}

/// <summary>
/// The request of "update experiment": only given fields; <c>null</c> clears. Source: the request model of "Update an LLM
/// Observability experiment". <c>metadata</c> replaces the old metadata, without merging.
/// </summary>
public sealed record ExperimentPatch
{
    /// <summary><c>name</c>.</summary>
    public Optional<string> Name { get; init; }

    /// <summary><c>description</c>.</summary>
    public Optional<string> Description { get; init; }

    /// <summary><c>dataset_id</c>.</summary>
    public Optional<string> DatasetId { get; init; }

    /// <summary><c>metadata</c>: anything that becomes a JSON object.</summary>
    public Optional<object> Metadata { get; init; }

    /// <summary><c>status</c>: see <see cref="ExperimentStatus"/>.</summary>
    public Optional<string> Status { get; init; }

    /// <summary><c>error</c>: why the experiment failed.</summary>
    public Optional<string> ErrorMessage { get; init; }

    /// <summary>True if there is nothing to send.</summary>
    public bool IsEmpty =>
        !(Name.IsGiven || Description.IsGiven || DatasetId.IsGiven || Metadata.IsGiven || Status.IsGiven || ErrorMessage.IsGiven);
}
