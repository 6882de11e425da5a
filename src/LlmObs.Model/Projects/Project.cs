namespace LlmObs;

/// <summary>
/// A project as the service describes it: what holds datasets and experiments. Every field but the id may be missing.
/// Source: the response model of "Create an Agent Observability project".
/// </summary>
public sealed record Project : ProjectReference
{
    /// <summary>The id (<c>data.id</c>).</summary>
    public override string? Id { get; init; }

    /// <summary>The id again, under the name of the parameters of objects that belong to a project, so that a piped project provides it.</summary>
    public string? ProjectId => Id;

    /// <summary>The name (<c>name</c>).</summary>
    public override string? Name { get; init; }

    /// <summary>The description (<c>description</c>).</summary>
    public string? Description { get; init; }

    /// <summary>When it was made (<c>created_at</c>), UTC, to 100 ns.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When it was last changed (<c>updated_at</c>), UTC, to 100 ns.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>Attributes that this version does not know, under their API names; <c>null</c> if there are none.</summary>
    public object? AdditionalProperties { get; init; }

    /// <summary>This project with the fields of a patch taken over, for a service that answers an update with nothing.</summary>
    /// <param name="patch">The patch that was accepted.</param>
    /// <returns>The changed project, as far as it is known here.</returns>
    public Project With(ProjectPatch patch)
    {
        ArgumentNullException.ThrowIfNull(patch);
        return this with { Name = patch.Name.Or(Name), Description = patch.Description.Or(Description) };
    }
}

/// <summary>
/// Identifies a project: by its id, or by a name that still has to be looked up. A <see cref="Project"/> is one that
/// was looked up. PowerShell converts text to a reference, and every object that belongs to a project.
/// </summary>
public abstract record ProjectReference
{
    /// <summary>The id; null if only the name is known.</summary>
    public abstract string? Id { get; init; }

    /// <summary>The name.</summary>
    public abstract string? Name { get; init; }

    /// <summary>From text: an id if it is a UUID, as all ids of the service are, otherwise a name.</summary>
    public static implicit operator ProjectReference?(string? text) => string.IsNullOrWhiteSpace(text) ? null : UnresolvedProject.Of(text);

    /// <summary>The project of a dataset.</summary>
    public static implicit operator ProjectReference?(DatasetReference? dataset) => UnresolvedProject.Known(dataset?.ProjectId);

    /// <summary>The project of an experiment.</summary>
    public static implicit operator ProjectReference?(Experiment? experiment) => UnresolvedProject.Known(experiment?.ProjectId);

    /// <summary>The id, if it is known: PowerShell turns an object into text for a text parameter.</summary>
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

/// <summary>
/// The request of "create project". If a project already has the name, the service answers with that project. Source: the
/// request model of "Create an Agent Observability project".
/// </summary>
public sealed record ProjectDraft
{
    /// <summary><c>name</c>, required.</summary>
    public required string Name { get; init; }

    /// <summary><c>description</c>.</summary>
    public Optional<string> Description { get; init; }
}

/// <summary>
/// The request of "update project": only given fields; <c>null</c> clears. Source: the request model of "Update an Agent
/// Observability project".
/// </summary>
public sealed record ProjectPatch
{
    /// <summary><c>name</c>.</summary>
    public Optional<string> Name { get; init; }

    /// <summary><c>description</c>.</summary>
    public Optional<string> Description { get; init; }

    /// <summary>True if there is nothing to send.</summary>
    public bool IsEmpty => !(Name.IsGiven || Description.IsGiven);
}
