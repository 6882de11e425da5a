namespace LlmObs;

/// <summary>
/// What "update dataset" sends: only what is given; <c>null</c> clears. Source: the request model of "Update an Agent
/// Observability dataset".
/// </summary>
public sealed record DatasetPatch
{
    /// <summary><c>name</c>.</summary>
    public Optional<string> Name { get; init; }

    /// <summary><c>description</c>.</summary>
    public Optional<string> Description { get; init; }

    /// <summary><c>metadata</c>: anything that becomes a JSON object.</summary>
    public Optional<object> Metadata { get; init; }

    /// <summary>Whether there is nothing to send.</summary>
    public bool IsEmpty => !(Name.IsGiven || Description.IsGiven || Metadata.IsGiven);
}
