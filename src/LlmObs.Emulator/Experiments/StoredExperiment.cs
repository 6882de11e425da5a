using System.Text.Json;

namespace LlmObs.Emulator.Experiments;

/// <summary>An experiment as the emulator holds it.</summary>
public sealed record StoredExperiment
{
    /// <summary>The id, a UUID.</summary>
    public required string Id { get; init; }

    /// <summary><c>name</c>, with its suffix where one was added.</summary>
    public required string Name { get; init; }

    /// <summary><c>experiment</c>: the name that was sent.</summary>
    public required string LogicalName { get; init; }

    /// <summary><c>project_id</c>.</summary>
    public required string ProjectId { get; init; }

    /// <summary><c>dataset_id</c>; null where there is none.</summary>
    public string? DatasetId { get; init; }

    /// <summary><c>dataset_version</c>; where a dataset was named without one, its current version, or 1 for one that is not held here; null without a dataset.</summary>
    public long? DatasetVersion { get; init; }

    /// <summary><c>description</c>.</summary>
    public string? Description { get; init; }

    /// <summary><c>config</c>, an object; null where none was sent.</summary>
    public JsonElement? Config { get; init; }

    /// <summary><c>metadata</c>, an object; null where none was sent or it was cleared.</summary>
    public JsonElement? Metadata { get; init; }

    /// <summary><c>status</c>, one of <see cref="ExperimentStatus"/>; null until it is set.</summary>
    public string? Status { get; init; }

    /// <summary><c>error</c>: why it failed.</summary>
    public string? Error { get; init; }

    /// <summary><c>run_count</c>.</summary>
    public int? RunCount { get; init; }

    /// <summary><c>parent_experiment_id</c>.</summary>
    public string? ParentExperimentId { get; init; }

    /// <summary><c>created_at</c>, UTC, to 100 ns.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary><c>updated_at</c>, UTC, to 100 ns.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary><c>deleted_at</c>, UTC, to 100 ns; null where it was not deleted.</summary>
    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>The attributes under their API names, as an update that answers with the resource sends them.</summary>
    public JsonElement Attributes => ExperimentResource.Attributes(this);
}
