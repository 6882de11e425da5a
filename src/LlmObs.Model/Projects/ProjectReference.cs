namespace LlmObs;

/// <summary>
/// What tells which project is meant: its id, or a name that still has to be looked up. A <see cref="Project"/> is one that
/// was looked up. PowerShell makes one of text, and of everything that belongs to a project.
/// </summary>
public abstract record ProjectReference
{
    /// <summary>The id; null where only the name is known.</summary>
    public abstract string? Id { get; init; }

    /// <summary>The name.</summary>
    public abstract string? Name { get; init; }

    /// <summary>Text: an id where it is a UUID, as all ids of the service are, else a name.</summary>
    /// <param name="text">The text.</param>
    public static implicit operator ProjectReference?(string? text) => string.IsNullOrWhiteSpace(text) ? null : UnresolvedProject.Of(text);

    /// <summary>The project of a dataset.</summary>
    /// <param name="dataset">The dataset.</param>
    public static implicit operator ProjectReference?(DatasetReference? dataset) => UnresolvedProject.Known(dataset?.ProjectId);

    /// <summary>The project of an experiment.</summary>
    /// <param name="experiment">The experiment.</param>
    public static implicit operator ProjectReference?(Experiment? experiment) => UnresolvedProject.Known(experiment?.ProjectId);

    /// <summary>The id, where it is known: PowerShell turns an object into text where a parameter takes text.</summary>
    /// <returns>The id, else the name.</returns>
    public sealed override string ToString() => Id ?? Name ?? string.Empty;
}

/// <summary>A project of which only what somebody typed is known.</summary>
public sealed record UnresolvedProject : ProjectReference
{
    /// <inheritdoc/>
    public override string? Id { get; init; }

    /// <inheritdoc/>
    public override string? Name { get; init; }

    internal static UnresolvedProject Of(string text) =>
        Guid.TryParseExact(text.Trim(), "D", out _) ? new UnresolvedProject { Id = text.Trim() } : new UnresolvedProject { Name = text };

    internal static UnresolvedProject? Known(string? id) => id is null ? null : new UnresolvedProject { Id = id };
}
