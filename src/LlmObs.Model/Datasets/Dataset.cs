namespace LlmObs;

/// <summary>
/// A dataset as the service describes it: the questions that experiments are run on. Every field but the id may be missing.
/// Source: the response model of "Create an Agent Observability dataset".
/// </summary>
public sealed record Dataset : DatasetReference
{
    /// <summary>The id (<c>data.id</c>).</summary>
    public override string? Id { get; init; }

    /// <summary>The id once more, under the name that it has wherever something belongs to a dataset: so a piped dataset brings it.</summary>
    public string? DatasetId => Id;

    /// <summary>The name (<c>name</c>).</summary>
    public override string? Name { get; init; }

    /// <summary>The project that it is in; no part of an answer, but of the address that was asked.</summary>
    public override string? ProjectId { get; init; }

    /// <summary>The description (<c>description</c>).</summary>
    public string? Description { get; init; }

    /// <summary>The metadata (<c>metadata</c>), a JSON object.</summary>
    public object? Metadata { get; init; }

    /// <summary>The version that it is at (<c>current_version</c>); 0 for one that was just made.</summary>
    public long? CurrentVersion { get; init; }

    /// <summary>When it was made (<c>created_at</c>), UTC, to 100 ns.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When it was last changed (<c>updated_at</c>), UTC, to 100 ns.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>Attributes that this version does not know, under their API names; <c>null</c> where there are none.</summary>
    public object? AdditionalProperties { get; init; }

    /// <summary>This dataset with the fields of a patch taken over, for a service that answers an update with nothing.</summary>
    /// <param name="patch">The patch that was accepted.</param>
    /// <returns>What the service now holds, as far as it can be known here.</returns>
    public Dataset With(DatasetPatch patch)
    {
        ArgumentNullException.ThrowIfNull(patch);
        return this with { Name = patch.Name.Or(Name), Description = patch.Description.Or(Description), Metadata = patch.Metadata.Or(Metadata) };
    }
}
