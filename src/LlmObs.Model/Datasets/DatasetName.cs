namespace LlmObs;

/// <summary>A dataset of which only what somebody typed, or what an experiment says of it, is known.</summary>
public sealed record DatasetName : DatasetReference
{
    /// <inheritdoc/>
    public override string? Id { get; init; }

    /// <inheritdoc/>
    public override string? Name { get; init; }

    /// <inheritdoc/>
    public override string? ProjectId { get; init; }

    internal static DatasetName Of(string text) =>
        Guid.TryParseExact(text.Trim(), "D", out _) ? new DatasetName { Id = text.Trim() } : new DatasetName { Name = text };

    internal static DatasetName? Known(string? id, string? projectId) => id is null ? null : new DatasetName { Id = id, ProjectId = projectId };
}
