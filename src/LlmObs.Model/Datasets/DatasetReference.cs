namespace LlmObs;

/// <summary>
/// What tells which dataset is meant: its id, or a name that still has to be looked up, and the project that it is in, where
/// that is known. A <see cref="Dataset"/> is one that was looked up. PowerShell makes one of text, and of everything that
/// belongs to a dataset.
/// </summary>
public abstract record DatasetReference
{
    /// <summary>The id; null where only the name is known.</summary>
    public abstract string? Id { get; init; }

    /// <summary>The name.</summary>
    public abstract string? Name { get; init; }

    /// <summary>The id of the project that it is in; null where that is not known.</summary>
    public abstract string? ProjectId { get; init; }

    /// <summary>Text: an id where it is a UUID, as all ids of the service are, else a name.</summary>
    /// <param name="text">The text.</param>
    public static implicit operator DatasetReference?(string? text) => string.IsNullOrWhiteSpace(text) ? null : UnresolvedDataset.Of(text);

    /// <summary>The dataset of an experiment.</summary>
    /// <param name="experiment">The experiment.</param>
    public static implicit operator DatasetReference?(Experiment? experiment) => UnresolvedDataset.Known(experiment?.DatasetId, experiment?.ProjectId);

    /// <summary>The dataset of a version.</summary>
    /// <param name="version">The version.</param>
    public static implicit operator DatasetReference?(DatasetVersion? version) => UnresolvedDataset.Known(version?.DatasetId, version?.ProjectId);

    /// <summary>The dataset that records were added to.</summary>
    /// <param name="result">What came of it.</param>
    public static implicit operator DatasetReference?(RecordResult? result) => UnresolvedDataset.Known(result?.DatasetId, result?.ProjectId);

    /// <summary>The id, where it is known: PowerShell turns an object into text where a parameter takes text.</summary>
    /// <returns>The id, else the name.</returns>
    public sealed override string ToString() => Id ?? Name ?? string.Empty;
}

/// <summary>A dataset of which only what somebody typed, or what an experiment says of it, is known.</summary>
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
