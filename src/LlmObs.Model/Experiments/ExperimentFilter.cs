namespace LlmObs;

/// <summary>
/// Which experiments to list: those that fit everything that is given. Source: the parameters of "List LLM Observability
/// experiments", which asks for a project where no dataset is given.
/// </summary>
public sealed record ExperimentFilter
{
    /// <summary>Only of this project (<c>filter[project_id]</c>).</summary>
    public string? ProjectId { get; init; }

    /// <summary>Only on this dataset (<c>filter[dataset_id]</c>).</summary>
    public string? DatasetId { get; init; }

    /// <summary>Only those with one of these ids (<c>filter[id]</c>); all where it is empty.</summary>
    public IReadOnlyList<string> Ids { get; init; } = [];

    /// <summary>Only with exactly this name (<c>filter[name]</c>).</summary>
    public string? Name { get; init; }

    /// <summary>Only of this logical name (<c>filter[experiment]</c>), the name that an experiment was created with.</summary>
    public string? LogicalName { get; init; }

    /// <summary>Only those whose metadata contains all members of this JSON object (<c>filter[metadata]</c>).</summary>
    public object? Metadata { get; init; }

    /// <summary>Only those that were compared with one of these (<c>filter[parent_experiment_id]</c>).</summary>
    public IReadOnlyList<string> ParentExperimentIds { get; init; } = [];

    /// <summary>Deleted experiments instead of those that are there (<c>filter[is_deleted]</c>).</summary>
    public bool Deleted { get; init; }

    /// <summary>With their authors (<c>include[user_data]</c>).</summary>
    public bool IncludeUser { get; init; }

    /// <summary>With the names of their datasets (<c>include[dataset_names]</c>).</summary>
    public bool IncludeDatasetName { get; init; }
}
