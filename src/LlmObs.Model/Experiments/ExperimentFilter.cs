namespace LlmObs;

/// <summary>
/// The experiments to list: those that match all given conditions. Source: the parameters of "List LLM Observability
/// experiments", which requires a project if no dataset is given.
/// </summary>
public sealed record ExperimentFilter
{
    /// <summary>Only of this project (<c>filter[project_id]</c>).</summary>
    public string? ProjectId { get; init; }

    /// <summary>Only on this dataset (<c>filter[dataset_id]</c>).</summary>
    public string? DatasetId { get; init; }

    /// <summary>Only those with one of these ids (<c>filter[id]</c>); all if it is empty.</summary>
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

    /// <summary>Includes their authors (<c>include[user_data]</c>).</summary>
    public bool IncludeUser { get; init; }

    /// <summary>Includes the names of their datasets (<c>include[dataset_names]</c>).</summary>
    public bool IncludeDatasetName { get; init; }
}

/// <summary>The experiments to search for. Source: the request models of "Search experimentation entities" and "Simple search".</summary>
public sealed record ExperimentSearch
{
    /// <summary>The search query (<c>filter.query</c>); empty for everything.</summary>
    public string Query { get; init; } = string.Empty;

    /// <summary>Deleted experiments only (<c>filter.is_deleted</c>).</summary>
    public bool Deleted { get; init; }

    /// <summary>Deleted experiments, too (<c>filter.include_deleted</c>).</summary>
    public bool IncludeDeleted { get; init; }

    /// <summary>Includes their authors (<c>include.user_data</c>).</summary>
    public bool IncludeUser { get; init; }

    /// <summary>The field to sort by (<c>sort[].field</c>), for example <c>created_at</c>; null for the service's own order.</summary>
    public string? SortField { get; init; }

    /// <summary>The largest first (<c>sort[].direction</c>).</summary>
    public bool Descending { get; init; }
}
