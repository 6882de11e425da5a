using System.Text.Json;

namespace LlmObs.Client.Api;

/// <summary>What all resources of the API share: <c>{"data":{"id":…,"type":…,"attributes":{…}}}</c>.</summary>
internal static class ResourceJson
{
    /// <summary>Writes a whole request body.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="type">The resource's type.</param>
    /// <param name="id">Its id, for the operations that want it in the body, too.</param>
    /// <param name="writeAttributes">Writes the members of <c>attributes</c>.</param>
    public static void Write(Utf8JsonWriter writer, string type, string? id, Action writeAttributes)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("data"u8);
        if (id is not null)
        {
            writer.WriteString("id"u8, id);
        }

        writer.WriteString("type"u8, type);
        writer.WriteStartObject("attributes"u8);
        writeAttributes();
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>Writes a request that names several resources by their ids.</summary>
    public static void WriteIds(Utf8JsonWriter writer, string type, string member, IReadOnlyList<string> ids) =>
        Write(writer, type, id: null, () => WriteList(writer, member, ids));

    public static void WriteValue<T>(Utf8JsonWriter writer, string name, Optional<T> field, HostObjectJson freeForm)
    {
        if (field.IsGiven)
        {
            writer.WritePropertyName(name);
            freeForm.Write(writer, field.Value);
        }
    }

    public static void WriteList(Utf8JsonWriter writer, string name, IReadOnlyList<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (string text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }

    /// <summary>The one resource of an answer.</summary>
    /// <exception cref="FormatException">There is none in it.</exception>
    public static JsonElement Data(JsonElement root) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty("data", out JsonElement data) && data.ValueKind == JsonValueKind.Object
            ? data
            : throw new FormatException("it has no 'data' object");

    /// <summary>The id of a resource.</summary>
    /// <exception cref="FormatException">It has none.</exception>
    public static string Id(JsonElement resource) =>
        resource.ValueKind == JsonValueKind.Object && resource.TryGetProperty("id", out JsonElement id) && LenientJson.Text(id) is { Length: > 0 } text
            ? text
            : throw new FormatException("its 'data' has no 'id'");

    /// <summary>The attributes of a resource; none where it has none.</summary>
    public static LenientObject Attributes(JsonElement resource, HostObjectJson freeForm) =>
        new(resource.TryGetProperty("attributes", out JsonElement attributes) ? attributes : default, freeForm);
}
