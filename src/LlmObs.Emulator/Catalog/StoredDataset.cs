using System.Text.Json;

namespace LlmObs.Emulator.Catalog;

/// <summary>A dataset as the emulator holds it.</summary>
public sealed record StoredDataset
{
    /// <summary>The id, a UUID.</summary>
    public required string Id { get; init; }

    /// <summary>The project that it is in.</summary>
    public required string ProjectId { get; init; }

    /// <summary><c>name</c>; it is created once in a project, but others may be renamed to it.</summary>
    public required string Name { get; init; }

    /// <summary><c>description</c>.</summary>
    public string? Description { get; init; }

    /// <summary><c>metadata</c>, an object; null where none was sent or it was cleared.</summary>
    public JsonElement? Metadata { get; init; }

    /// <summary><c>current_version</c>: 0 at first, one more with each change of the records.</summary>
    public long CurrentVersion { get; init; }

    /// <summary><c>created_at</c>, UTC, to 100 ns.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary><c>updated_at</c>, UTC, to 100 ns.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary><c>deleted_at</c>, UTC, to 100 ns; null where it was not deleted.</summary>
    internal DateTimeOffset? DeletedAt { get; init; }
}
