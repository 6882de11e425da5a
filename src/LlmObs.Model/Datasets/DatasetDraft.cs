namespace LlmObs;

/// <summary>What "create dataset" sends. Source: the request model of "Create an Agent Observability dataset".</summary>
public sealed record DatasetDraft
{
    /// <summary><c>name</c>, required.</summary>
    public required string Name { get; init; }

    /// <summary><c>description</c>.</summary>
    public Optional<string> Description { get; init; }

    /// <summary><c>metadata</c>: anything that becomes a JSON object.</summary>
    public Optional<object> Metadata { get; init; }
}
