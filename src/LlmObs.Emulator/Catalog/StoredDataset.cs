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

    /// <summary><c>metadata</c>, an object; null if none was sent or it was cleared.</summary>
    public JsonElement? Metadata { get; init; }

    /// <summary><c>current_version</c>: 0 at first, one more with each change of the records.</summary>
    public long CurrentVersion { get; init; }

    /// <summary><c>created_at</c>, UTC, to 100 ns.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary><c>updated_at</c>, UTC, to 100 ns.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary><c>deleted_at</c>, UTC, to 100 ns; null if it was not deleted.</summary>
    internal DateTimeOffset? DeletedAt { get; init; }
}

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

/// <summary>A record of a dataset as the emulator holds it.</summary>
public sealed record StoredRecord
{
    /// <summary>The id: one of the sender's own, else a UUID.</summary>
    public required string Id { get; init; }

    /// <summary><c>input</c>.</summary>
    public JsonElement Input => InputJson.ToElement();

    /// <summary><c>expected_output</c>; null if none was sent.</summary>
    public JsonElement? ExpectedOutput => ExpectedJson?.ToElement();

    /// <summary><c>metadata</c>, an object; null if none was sent.</summary>
    public JsonElement? Metadata => MetadataJson?.ToElement();

    /// <summary><c>tags</c>.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary><c>created_at</c>, UTC, to 100 ns.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary><c>updated_at</c>, UTC, to 100 ns.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary><c>version</c>: the version of the dataset of its last change.</summary>
    public long Version { get; init; }

    /// <summary><c>input</c>.</summary>
    internal StoredJson InputJson { get; init; }

    /// <summary><c>expected_output</c>; null if none was sent.</summary>
    internal StoredJson? ExpectedJson { get; init; }

    /// <summary><c>metadata</c>; null if none was sent.</summary>
    internal StoredJson? MetadataJson { get; init; }

    /// <summary>Its position among all records of its dataset, which orders lists.</summary>
    internal long Number { get; init; }

    /// <summary>True if another record has the same content, whatever its times.</summary>
    internal bool Says(StoredRecord other) =>
        InputJson.Says(other.InputJson)
        && Same(ExpectedJson, other.ExpectedJson)
        && Same(MetadataJson, other.MetadataJson)
        && Tags.SequenceEqual(other.Tags);

    private static bool Same(StoredJson? one, StoredJson? other) =>
        one is { } a && other is { } b ? a.Says(b) : one is null && other is null;
}
