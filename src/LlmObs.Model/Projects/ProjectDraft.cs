namespace LlmObs;

/// <summary>
/// What "create project" sends. The service answers with the project of that name, where there is one already. Source: the
/// request model of "Create an Agent Observability project".
/// </summary>
public sealed record ProjectDraft
{
    /// <summary><c>name</c>, required.</summary>
    public required string Name { get; init; }

    /// <summary><c>description</c>.</summary>
    public Optional<string> Description { get; init; }
}
