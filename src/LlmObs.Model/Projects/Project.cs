namespace LlmObs;

/// <summary>
/// A project as the service describes it: what holds datasets and experiments. Every field but the id may be missing.
/// Source: the response model of "Create an Agent Observability project".
/// </summary>
public sealed record Project : ProjectReference
{
    /// <summary>The id (<c>data.id</c>).</summary>
    public override string? Id { get; init; }

    /// <summary>The id once more, under the name that it has wherever something belongs to a project: so a piped project brings it.</summary>
    public string? ProjectId => Id;

    /// <summary>The name (<c>name</c>).</summary>
    public override string? Name { get; init; }

    /// <summary>The description (<c>description</c>).</summary>
    public string? Description { get; init; }

    /// <summary>When it was made (<c>created_at</c>), UTC, to 100 ns.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When it was last changed (<c>updated_at</c>), UTC, to 100 ns.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>Attributes that this version does not know, under their API names; <c>null</c> where there are none.</summary>
    public object? AdditionalProperties { get; init; }

    /// <summary>This project with the fields of a patch taken over, for a service that answers an update with nothing.</summary>
    /// <param name="patch">The patch that was accepted.</param>
    /// <returns>What the service now holds, as far as it can be known here.</returns>
    public Project With(ProjectPatch patch)
    {
        ArgumentNullException.ThrowIfNull(patch);
        return this with { Name = patch.Name.Or(Name), Description = patch.Description.Or(Description) };
    }
}
