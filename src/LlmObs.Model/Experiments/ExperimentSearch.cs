namespace LlmObs;

/// <summary>Which experiments to search for. Source: the request models of "Search experimentation entities" and "Simple search".</summary>
public sealed record ExperimentSearch
{
    /// <summary>The search query (<c>filter.query</c>); empty for everything.</summary>
    public string Query { get; init; } = string.Empty;

    /// <summary>Deleted experiments only (<c>filter.is_deleted</c>).</summary>
    public bool Deleted { get; init; }

    /// <summary>Deleted experiments, too (<c>filter.include_deleted</c>).</summary>
    public bool IncludeDeleted { get; init; }

    /// <summary>With their authors (<c>include.user_data</c>).</summary>
    public bool IncludeUser { get; init; }

    /// <summary>The field to sort by (<c>sort[].field</c>), for example <c>created_at</c>; null for the service's own order.</summary>
    public string? SortField { get; init; }

    /// <summary>The largest first (<c>sort[].direction</c>).</summary>
    public bool Descending { get; init; }
}
