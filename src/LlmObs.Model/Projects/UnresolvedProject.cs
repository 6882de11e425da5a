namespace LlmObs;

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
