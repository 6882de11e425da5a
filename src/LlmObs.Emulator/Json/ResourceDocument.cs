using System.Buffers;
using System.Text.Json;

namespace LlmObs.Emulator.Json;

/// <summary>Writes JSON:API documents: one resource, or any text of JSON.</summary>
internal static class ResourceDocument
{
    /// <summary>The document of one resource.</summary>
    public static byte[] One(Action<Utf8JsonWriter> writeResource) => Write(json =>
    {
        json.WriteStartObject();
        json.WritePropertyName("data");
        writeResource(json);
        json.WriteEndObject();
    });

    /// <summary>The document of a list, with its other members.</summary>
    public static ReadOnlySequence<byte> List<T>(IEnumerable<T> items, Action<Utf8JsonWriter, T> writeItem, Action<Utf8JsonWriter>? writeRest = null) => WriteLong(json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("data");
        foreach (T item in items)
        {
            writeItem(json, item);
        }

        json.WriteEndArray();
        writeRest?.Invoke(json);
        json.WriteEndObject();
    });

    /// <summary>A resource with its attributes.</summary>
    public static void WriteResource(Utf8JsonWriter json, string id, string type, Action writeAttributes)
    {
        json.WriteStartObject();
        json.WriteString("id", id);
        json.WriteString("type", type);
        json.WriteStartObject("attributes");
        writeAttributes();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>A value, or null.</summary>
    public static void WriteValue(Utf8JsonWriter json, string name, StoredJson? value)
    {
        json.WritePropertyName(name);
        if (value is { } stored)
        {
            stored.WriteTo(json);
        }
        else
        {
            json.WriteNullValue();
        }
    }

    /// <summary>A value, or null.</summary>
    public static void WriteValue(Utf8JsonWriter json, string name, JsonElement? value)
    {
        json.WritePropertyName(name);
        if (value is { } element)
        {
            element.WriteTo(json);
        }
        else
        {
            json.WriteNullValue();
        }
    }

    /// <summary>A list of texts.</summary>
    public static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    /// <summary>Any JSON that may be long, as its UTF-8 text.</summary>
    public static ReadOnlySequence<byte> WriteLong(Action<Utf8JsonWriter> write)
    {
        var pieces = new PieceWriter();
        using (var json = new Utf8JsonWriter(pieces, BodyJson.WriterOptions))
        {
            write(json);
        }

        return pieces.Written;
    }

    /// <summary>Any JSON, as its UTF-8 text.</summary>
    public static byte[] Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, BodyJson.WriterOptions))
        {
            write(json);
        }

        return buffer.WrittenSpan.ToArray();
    }
}

/// <summary>The part that all request bodies share: <c>{"data":{"type":…,"attributes":{…}}}</c>.</summary>
internal static class Envelope
{
    public static Problem? Open(JsonDocument document, string type, out JsonFields attributes) => Open(document, [type], out attributes);

    /// <summary>Opens a body that may name one of several types.</summary>
    public static Problem? Open(JsonDocument document, IReadOnlyList<string> types, out JsonFields attributes)
    {
        attributes = default;
        JsonElement root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
        {
            return WrongRoot(BodyJson.NameOf(root.ValueKind));
        }

        if (new JsonFields(root, string.Empty).RequiredObject("data", out JsonFields data) is { } problem)
        {
            return problem;
        }

        if (data.RequiredText("type", out string found) is { } typeProblem)
        {
            return typeProblem;
        }

        return types.Contains(found)
            ? data.RequiredObject("attributes", out attributes)
            : WrongType(found, string.Join(" or ", types.Select(type => $"'{type}'")));
    }

    public static Problem WrongRoot(string found) =>
        Problem.BadRequest($"The body must be an object, not {found}.", string.Empty);

    public static Problem WrongType(string found, string expected) =>
        Problem.BadRequest($"'type' must be {expected}, not '{found}'.", "/data/type");
}
