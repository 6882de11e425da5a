namespace LlmObs.Emulator.Catalog;

/// <summary>A project as the emulator holds it.</summary>
public sealed record StoredProject
{
    /// <summary>The id, a UUID.</summary>
    public required string Id { get; init; }

    /// <summary><c>name</c>.</summary>
    public required string Name { get; init; }

    /// <summary><c>description</c>.</summary>
    public string? Description { get; init; }

    /// <summary><c>created_at</c>, UTC, to 100 ns.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary><c>updated_at</c>, UTC, to 100 ns.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }
}
