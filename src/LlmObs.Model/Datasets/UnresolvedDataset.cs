namespace LlmObs;

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
