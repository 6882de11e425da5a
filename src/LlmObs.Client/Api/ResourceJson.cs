using System.Text.Json;

namespace LlmObs.Client.Api;

/// <summary>
/// The envelopes of the API, written and read: <c>{"data":{"id":…,"type":…,"attributes":{…}}}</c>, and for lists <c>data[]</c> with
/// <c>meta.after</c>.
/// </summary>
internal static class ResourceJson
{
    /// <summary>Writes a whole request body.</summary>
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
        Member(root, "data") is JsonElement { ValueKind: JsonValueKind.Object } data ? data : throw new FormatException("it has no 'data' object");

    /// <summary>The id of a resource.</summary>
    /// <exception cref="FormatException">It has none.</exception>
    public static string Id(JsonElement resource) =>
        Member(resource, "id") is JsonElement id && LenientJson.Text(id) is { Length: > 0 } text ? text : throw new FormatException("its 'data' has no 'id'");

    /// <summary>The attributes of a resource; none if it has none.</summary>
    public static LenientObject Attributes(JsonElement resource, HostObjectJson freeForm) =>
        new(Member(resource, "attributes") ?? default, freeForm);

    /// <summary>The attributes of an item: in <c>attributes</c>, as recorded, or in the item itself, as documented.</summary>
    public static JsonElement Content(JsonElement item) =>
        Member(item, "attributes") is JsonElement { ValueKind: JsonValueKind.Object } attributes ? attributes : item;

    /// <summary>Reads a page whose items are the list <c>data</c>.</summary>
    /// <exception cref="FormatException">There is no list in it, or an item can't be read.</exception>
    public static Page<T> ReadPage<T>(JsonElement root, Func<JsonElement, T> readItem) =>
        new(ReadItems(Member(root, "data"), "data", readItem), Next(root));

    /// <summary>Reads the items of a list; null is an empty one.</summary>
    /// <exception cref="FormatException">It is no list, or an item can't be read.</exception>
    public static List<T> ReadItems<T>(JsonElement? list, string name, Func<JsonElement, T> readItem) => list switch
    {
        { ValueKind: JsonValueKind.Array } items => ReadAll(items, readItem),
        { ValueKind: JsonValueKind.Null } => [],
        _ => throw new FormatException($"it has no list '{name}'"),
    };

    private static List<T> ReadAll<T>(JsonElement items, Func<JsonElement, T> readItem)
    {
        var read = new List<T>(items.GetArrayLength());
        foreach (JsonElement item in items.EnumerateArray())
        {
            read.Add(readItem(item));
        }

        return read;
    }

    /// <summary>The cursor of the next page. On the last one it is empty as recorded, null or absent as documented.</summary>
    public static string? Next(JsonElement root) =>
        Member(root, "meta", "after") is JsonElement after && LenientJson.Text(after) is { Length: > 0 } cursor ? cursor : null;

    /// <summary>A member of an object, or of an object in it; null if one of the objects or members is not there.</summary>
    public static JsonElement? Member(JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (string name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
            {
                return null;
            }
        }

        return element;
    }
}
