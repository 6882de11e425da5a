namespace LlmObs;

/// <summary>
/// What "update project" sends: only what is given; <c>null</c> clears. Source: the request model of "Update an Agent
/// Observability project".
/// </summary>
public sealed record ProjectPatch
{
    /// <summary><c>name</c>.</summary>
    public Optional<string> Name { get; init; }

    /// <summary><c>description</c>.</summary>
    public Optional<string> Description { get; init; }

    /// <summary>Whether there is nothing to send.</summary>
    public bool IsEmpty => !(Name.IsGiven || Description.IsGiven);
}
