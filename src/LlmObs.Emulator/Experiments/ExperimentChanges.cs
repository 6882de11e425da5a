using System.Text.Json;

namespace LlmObs.Emulator.Experiments;

/// <summary>
/// What an update asks for, checked. A field that is null is cleared, except the name, which an experiment always has:
/// there null leaves it as it is. Attributes that can't be updated are passed over.
/// </summary>
internal sealed record ExperimentChanges
{
    public Optional<string?> Name { get; init; }

    public Optional<string?> Description { get; init; }

    public Optional<string?> DatasetId { get; init; }

    public Optional<JsonElement?> Metadata { get; init; }

    public Optional<string?> Status { get; init; }

    public Optional<string?> Error { get; init; }

    public static Problem? Read(ReadOnlyMemory<byte> body, out ExperimentChanges? changes)
    {
        changes = null;
        if (BodyJson.Parse(body, out JsonDocument? document) is { } malformed)
        {
            return malformed;
        }

        using (document)
        {
            return Envelope.Open(document!, "experiments", out JsonFields attributes) ?? Read(attributes, out changes);
        }
    }

    public StoredExperiment ApplyTo(StoredExperiment experiment, DateTimeOffset at) => experiment with
    {
        Name = Name.Value ?? experiment.Name,
        Description = Description.Or(experiment.Description),
        DatasetId = DatasetId.Or(experiment.DatasetId),
        Metadata = Metadata.Or(experiment.Metadata),
        Status = Status.Or(experiment.Status),
        Error = Error.Or(experiment.Error),
        UpdatedAt = at,
    };

    private static Problem? Read(JsonFields attributes, out ExperimentChanges? changes)
    {
        changes = null;
        string? description = null, datasetId = null, status = null, error = null;
        JsonElement? metadata = null;
        Problem? problem = attributes.Text("name", out string? name)
            ?? attributes.Text("description", out description)
            ?? attributes.Text("dataset_id", out datasetId)
            ?? attributes.Object("metadata", out metadata)
            ?? attributes.Text("status", out status)
            ?? attributes.Text("error", out error)
            ?? CheckName(name, attributes)
            ?? CheckStatus(status, attributes);
        if (problem is null)
        {
            changes = new ExperimentChanges
            {
                Name = Given(attributes, "name", name),
                Description = Given(attributes, "description", description),
                DatasetId = Given(attributes, "dataset_id", datasetId),
                Metadata = Given(attributes, "metadata", metadata),
                Status = Given(attributes, "status", status),
                Error = Given(attributes, "error", error),
            };
        }

        return problem;
    }

    private static Optional<T> Given<T>(JsonFields attributes, string name, T value) =>
        attributes.Has(name) ? value : default(Optional<T>);

    private static Problem? CheckName(string? name, JsonFields attributes) =>
        name is { Length: 0 } ? Problem.BadRequest("'name' must not be empty.", attributes.PointerTo("name")) : null;

    private static Problem? CheckStatus(string? status, JsonFields attributes) =>
        status is null || ExperimentStatus.All.Contains(status)
            ? null
            : Problem.BadRequest(
                $"'status' must be one of {string.Join(", ", ExperimentStatus.All)}, not '{status}'.",
                attributes.PointerTo("status"));
}
