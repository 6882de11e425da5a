namespace LlmObs;

/// <summary>
/// A dataset as the service describes it: the questions that experiments are run on. Every field but the id may be missing.
/// Source: the response model of "Create an Agent Observability dataset".
/// </summary>
public sealed record Dataset : DatasetReference
{
    /// <summary>The id (<c>data.id</c>).</summary>
    public override string? Id { get; init; }

    /// <summary>The id again, under the name of the parameters of objects that belong to a dataset, so that a piped dataset provides it.</summary>
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

    /// <summary>Attributes that this version does not know, under their API names; <c>null</c> if there are none.</summary>
    public object? AdditionalProperties { get; init; }

    /// <summary>This dataset with the fields of a patch taken over, for a service that answers an update with nothing.</summary>
    /// <param name="patch">The patch that was accepted.</param>
    /// <returns>The changed dataset, as far as it is known here.</returns>
    public Dataset With(DatasetPatch patch)
    {
        ArgumentNullException.ThrowIfNull(patch);
        return this with { Name = patch.Name.Or(Name), Description = patch.Description.Or(Description), Metadata = patch.Metadata.Or(Metadata) };
    }
}

/// <summary>
/// Identifies a dataset: by its id, or by a name that still has to be looked up, and by its project, if that
/// is known. A <see cref="Dataset"/> is one that was looked up. PowerShell converts text to a reference, and every object that
/// belongs to a dataset.
/// </summary>
public abstract record DatasetReference
{
    /// <summary>The id; null if only the name is known.</summary>
    public abstract string? Id { get; init; }

    /// <summary>The name.</summary>
    public abstract string? Name { get; init; }

    /// <summary>The id of its project; null if that is not known.</summary>
    public abstract string? ProjectId { get; init; }

    /// <summary>From text: an id if it is a UUID, as all ids of the service are, otherwise a name.</summary>
    public static implicit operator DatasetReference?(string? text) => string.IsNullOrWhiteSpace(text) ? null : UnresolvedDataset.Of(text);

    /// <summary>The dataset of an experiment.</summary>
    public static implicit operator DatasetReference?(Experiment? experiment) => UnresolvedDataset.Known(experiment?.DatasetId, experiment?.ProjectId);

    /// <summary>The dataset of a version.</summary>
    public static implicit operator DatasetReference?(DatasetVersion? version) => UnresolvedDataset.Known(version?.DatasetId, version?.ProjectId);

    /// <summary>The dataset that records were added to.</summary>
    /// <param name="result">The result of adding records.</param>
    public static implicit operator DatasetReference?(RecordResult? result) => UnresolvedDataset.Known(result?.DatasetId, result?.ProjectId);

    /// <summary>The id, if it is known: PowerShell turns an object into text for a text parameter.</summary>
    /// <returns>The id, else the name.</returns>
    public sealed override string ToString() => Id ?? Name ?? string.Empty;
}

/// <summary>A dataset that was not looked up: only the text that a user typed, or an experiment's data of it, is known.</summary>
public sealed record UnresolvedDataset : DatasetReference
{
    /// <inheritdoc/>
    public override string? Id { get; init; }

    /// <inheritdoc/>
    public override string? Name { get; init; }

    /// <inheritdoc/>
    public override string? ProjectId { get; init; }

    internal static UnresolvedDataset Of(string text) =>
        Guid.TryParseExact(text.Trim(), "D", out _) ? new UnresolvedDataset { Id = text.Trim() } : new UnresolvedDataset { Name = text };

    internal static UnresolvedDataset? Known(string? id, string? projectId) => id is null ? null : new UnresolvedDataset { Id = id, ProjectId = projectId };
}

/// <summary>The request of "create dataset". Source: the request model of "Create an Agent Observability dataset".</summary>
public sealed record DatasetDraft
{
    /// <summary><c>name</c>, required.</summary>
    public required string Name { get; init; }

    /// <summary><c>description</c>.</summary>
    public Optional<string> Description { get; init; }

    /// <summary><c>metadata</c>: anything that becomes a JSON object.</summary>
    public Optional<object> Metadata { get; init; }
}

/// <summary>
/// The request of "update dataset": only given fields; <c>null</c> clears. Source: the request model of "Update an Agent
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

    /// <summary>True if there is nothing to send.</summary>
    public bool IsEmpty => !(Name.IsGiven || Description.IsGiven || Metadata.IsGiven);
}

/// <summary>
/// A version of a dataset. Source: the response model of "List Agent Observability dataset versions".
/// </summary>
public sealed record DatasetVersion
{
    /// <summary>The id (<c>id</c>).</summary>
    public string? Id { get; init; }

    /// <summary>Its number (<c>version_number</c>): 0 for a new dataset, and one more for each change.</summary>
    public long? VersionNumber { get; init; }

    /// <summary>The dataset (<c>dataset_id</c>).</summary>
    public string? DatasetId { get; init; }

    /// <summary>The project that the dataset is in; no part of an answer, but of the address that was asked.</summary>
    public string? ProjectId { get; init; }

    /// <summary>The last time that an experiment referred to it (<c>last_used</c>), UTC; null if none ever did.</summary>
    public DateTimeOffset? LastUsed { get; init; }

    /// <summary>Attributes that this version of the module does not know, under their API names; <c>null</c> if there are none.</summary>
    public object? AdditionalProperties { get; init; }
}
