namespace LlmObs;

/// <summary>
/// A version of a dataset. Source: the response model of "List Agent Observability dataset versions".
/// </summary>
public sealed record DatasetVersion
{
    /// <summary>The id (<c>id</c>).</summary>
    public string? Id { get; init; }

    /// <summary>Its number (<c>version_number</c>): 0 for a dataset that was just made, one more for each change.</summary>
    public long? VersionNumber { get; init; }

    /// <summary>The dataset (<c>dataset_id</c>).</summary>
    public string? DatasetId { get; init; }

    /// <summary>The project that the dataset is in; no part of an answer, but of the address that was asked.</summary>
    public string? ProjectId { get; init; }

    /// <summary>When an experiment last referred to it (<c>last_used</c>), UTC; null where none ever did.</summary>
    public DateTimeOffset? LastUsed { get; init; }

    /// <summary>Attributes that this version of the module does not know, under their API names; <c>null</c> where there are none.</summary>
    public object? AdditionalProperties { get; init; }
}
