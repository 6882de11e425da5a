using System.Text.Json;

namespace LlmObs.Emulator.Experiments;

/// <summary>A checked request to create an experiment.</summary>
internal sealed record ExperimentRequest
{
    /// <summary>
    /// The version of a dataset that is named without one: "defaults to the current version", and for a dataset that is
    /// not held here, that of one filled once.
    /// </summary>
    private const long CurrentDatasetVersion = 1;

    public required string Name { get; init; }

    public required string ProjectId { get; init; }

    public string? DatasetId { get; init; }

    public long? DatasetVersion { get; init; }

    public string? Description { get; init; }

    public JsonElement? Config { get; init; }

    public JsonElement? Metadata { get; init; }

    public bool EnsureUnique { get; init; } = true;

    public string? ParentExperimentId { get; init; }

    public int? RunCount { get; init; }

    public static Problem? Read(ReadOnlyMemory<byte> body, out ExperimentRequest? request)
    {
        request = null;
        if (BodyJson.Parse(body, out JsonDocument? document) is { } malformed)
        {
            return malformed;
        }

        using (document)
        {
            return Envelope.Open(document!, "experiments", out JsonFields attributes) ?? Read(attributes, out request);
        }
    }

    /// <summary>The experiment that comes of it.</summary>
    public StoredExperiment ToExperiment(string id, string name, DateTimeOffset at) => new()
    {
        Id = id,
        Name = name,
        LogicalName = Name,
        ProjectId = ProjectId,
        DatasetId = DatasetId,
        DatasetVersion = DatasetVersion ?? (string.IsNullOrEmpty(DatasetId) ? null : CurrentDatasetVersion),
        Description = Description,
        Config = Config,
        Metadata = Metadata,
        ParentExperimentId = ParentExperimentId,
        RunCount = RunCount,
        CreatedAt = at,
        UpdatedAt = at,
    };

    private static Problem? Read(JsonFields attributes, out ExperimentRequest? request)
    {
        request = null;
        string projectId = string.Empty;
        string? datasetId = null, description = null, parent = null;
        long? version = null, runs = null;
        bool? unique = null;
        JsonElement? config = null, metadata = null;
        Problem? problem = attributes.RequiredText("name", out string name)
            ?? attributes.RequiredText("project_id", out projectId)
            ?? attributes.Text("dataset_id", out datasetId)
            ?? attributes.Integer("dataset_version", long.MinValue, long.MaxValue, out version)
            ?? attributes.Text("description", out description)
            ?? attributes.Object("config", out config)
            ?? attributes.Object("metadata", out metadata)
            ?? attributes.Boolean("ensure_unique", out unique)
            ?? attributes.Text("parent_experiment_id", out parent)
            ?? attributes.Integer("run_count", 0, int.MaxValue, out runs);
        if (problem is null)
        {
            request = new ExperimentRequest
            {
                Name = name,
                ProjectId = projectId,
                DatasetId = datasetId,
                DatasetVersion = version,
                Description = description,
                Config = config,
                Metadata = metadata,
                EnsureUnique = unique ?? true,
                ParentExperimentId = parent,
                RunCount = (int?)runs,
            };
        }

        return problem;
    }
}
