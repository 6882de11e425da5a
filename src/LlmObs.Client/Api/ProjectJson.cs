using System.Text.Json;

namespace LlmObs.Client.Api;

/// <summary>Projects as the API writes them.</summary>
internal static class ProjectJson
{
    public const string ResourceType = "projects";

    public static void WriteDraft(Utf8JsonWriter writer, ProjectDraft draft, HostObjectJson freeForm) =>
        Write(writer, draft.Name, draft.Description, freeForm);

    public static void WritePatch(Utf8JsonWriter writer, ProjectPatch patch, HostObjectJson freeForm) =>
        Write(writer, patch.Name, patch.Description, freeForm);

    /// <summary>Reads a resource, whatever it leaves out or adds.</summary>
    /// <exception cref="FormatException">It has no id.</exception>
    public static Project Read(JsonElement resource, HostObjectJson freeForm)
    {
        string id = ResourceJson.Id(resource);
        LenientObject fields = ResourceJson.Attributes(resource, freeForm);
        return new Project
        {
            Id = id,
            Name = fields.Text("name"),
            Description = fields.Text("description"),
            CreatedAt = fields.Time("created_at"),
            UpdatedAt = fields.Time("updated_at"),
            AdditionalProperties = fields.Rest(),
        };
    }

    private static void Write(Utf8JsonWriter writer, Optional<string> name, Optional<string> description, HostObjectJson freeForm) =>
        ResourceJson.Write(writer, ResourceType, id: null, () =>
        {
            ResourceJson.WriteValue(writer, "name", name, freeForm);
            ResourceJson.WriteValue(writer, "description", description, freeForm);
        });
}
