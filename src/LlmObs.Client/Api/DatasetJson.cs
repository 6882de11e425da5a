using System.Text.Json;

namespace LlmObs.Client.Api;

/// <summary>Datasets and their versions as the API writes them.</summary>
internal static class DatasetJson
{
    public const string ResourceType = "datasets";

    public static void WriteDraft(Utf8JsonWriter writer, DatasetDraft draft, HostObjectJson freeForm) =>
        Write(writer, id: null, draft.Name, draft.Description, draft.Metadata, freeForm);

    public static void WritePatch(Utf8JsonWriter writer, DatasetPatch patch, HostObjectJson freeForm) =>
        Write(writer, id: null, patch.Name, patch.Description, patch.Metadata, freeForm);

    /// <summary>The request of "clone"; the service requires the source's id in the body, too.</summary>
    public static void WriteClone(Utf8JsonWriter writer, string sourceId, DatasetDraft draft, HostObjectJson freeForm) =>
        Write(writer, sourceId, draft.Name, draft.Description, metadata: default, freeForm);

    public static void WriteRestore(Utf8JsonWriter writer, string datasetId, long version) =>
        ResourceJson.Write(writer, ResourceType, datasetId, () => writer.WriteNumber("dataset_version"u8, version));

    /// <summary>Reads a resource, with missing or additional fields.</summary>
    /// <exception cref="FormatException">It has no id.</exception>
    public static Dataset Read(JsonElement resource, string projectId, HostObjectJson freeForm)
    {
        string id = ResourceJson.Id(resource);
        LenientObject fields = ResourceJson.Attributes(resource, freeForm);
        return new Dataset
        {
            Id = id,
            ProjectId = fields.Text("project_id") ?? projectId,
            Name = fields.Text("name"),
            Description = fields.Text("description"),
            Metadata = fields.FreeForm("metadata"),
            CurrentVersion = fields.Integer("current_version"),
            CreatedAt = fields.Time("created_at"),
            UpdatedAt = fields.Time("updated_at"),
            AdditionalProperties = fields.UnknownMembers(),
        };
    }

    /// <summary>Reads the list of versions.</summary>
    /// <exception cref="FormatException">There is no list in it.</exception>
    public static IReadOnlyList<DatasetVersion> ReadVersions(JsonElement root, string projectId, string datasetId, HostObjectJson freeForm) =>
        ResourceJson.ReadItems(ResourceJson.Member(root, "data"), "data", version => ReadVersion(version, projectId, datasetId, freeForm));

    private static DatasetVersion ReadVersion(JsonElement resource, string projectId, string datasetId, HostObjectJson freeForm)
    {
        string id = ResourceJson.Id(resource);
        LenientObject fields = ResourceJson.Attributes(resource, freeForm);
        return new DatasetVersion
        {
            Id = id,
            VersionNumber = fields.Integer("version_number"),
            DatasetId = fields.Text("dataset_id") ?? datasetId,
            ProjectId = projectId,
            LastUsed = fields.Time("last_used"),
            AdditionalProperties = fields.UnknownMembers(),
        };
    }

    private static void Write(
        Utf8JsonWriter writer, string? id, Optional<string> name, Optional<string> description, Optional<object> metadata, HostObjectJson freeForm) =>
        ResourceJson.Write(writer, ResourceType, id, () =>
        {
            ResourceJson.WriteValue(writer, "name", name, freeForm);
            ResourceJson.WriteValue(writer, "description", description, freeForm);
            ResourceJson.WriteValue(writer, "metadata", metadata, freeForm);
        });
}
