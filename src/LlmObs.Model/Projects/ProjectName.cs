namespace LlmObs;

/// <summary>A project of which only what somebody typed is known.</summary>
public sealed record ProjectName : ProjectReference
{
    /// <inheritdoc/>
    public override string? Id { get; init; }

    /// <inheritdoc/>
    public override string? Name { get; init; }

    internal static ProjectName Of(string text) =>
        Guid.TryParseExact(text.Trim(), "D", out _) ? new ProjectName { Id = text.Trim() } : new ProjectName { Name = text };

    internal static ProjectName? Known(string? id) => id is null ? null : new ProjectName { Id = id };
}
