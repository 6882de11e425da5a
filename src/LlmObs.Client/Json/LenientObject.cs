using System.Text.Json;

namespace LlmObs.Client;

/// <summary>
/// An object of an answer, read field by field. What is missing, null or of another type reads as null; what nobody asked
/// for, and what was of another type, is kept and handed out by <see cref="Rest"/>, so that nothing is lost.
/// </summary>
internal sealed class LenientObject
{
    private readonly OrderedDictionary<string, JsonElement> fields = new(StringComparer.Ordinal);
    private readonly FreeFormJson freeForm;

    public LenientObject(JsonElement element, FreeFormJson freeForm)
    {
        this.freeForm = freeForm;
        if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty property in element.EnumerateObject())
            {
                fields[property.Name] = property.Value;
            }
        }
    }

    public string? Text(string name) => Take(name, LenientJson.Text);

    public long? Integer(string name, long min = long.MinValue, long max = long.MaxValue) =>
        Take(name, element => LenientJson.Integer(element) is long whole && whole >= min && whole <= max ? whole : (long?)null);

    public DateTimeOffset? Time(string name) => Take(name, element =>
        element.ValueKind == JsonValueKind.String && Timestamps.TryParse(element.GetString(), out DateTimeOffset time) ? time : (DateTimeOffset?)null);

    public object? FreeForm(string name) => Take(name, freeForm.Read);

    public JsonElement? Object(string name) => Take(name, element => element.ValueKind == JsonValueKind.Object ? element : (JsonElement?)null);

    /// <summary>A list of texts; null where the member is no list, or holds anything else.</summary>
    public IReadOnlyList<string>? Texts(string name) => Take<string[]>(name, element =>
        element.ValueKind == JsonValueKind.Array && element.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String)
            ? [.. element.EnumerateArray().Select(item => item.GetString()!)]
            : null);

    /// <summary>What was not taken, as the host's own object; null where there is nothing.</summary>
    public object? Rest()
    {
        if (fields.Count == 0)
        {
            return null;
        }

        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach ((string name, JsonElement element) in fields)
            {
                writer.WritePropertyName(name);
                element.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        using var rest = JsonDocument.Parse(buffer.WrittenMemory, new JsonDocumentOptions { MaxDepth = ApiAnswer.MaxDepth });
        return freeForm.Read(rest.RootElement);
    }

    private T? Take<T>(string name, Func<JsonElement, T?> read)
    {
        if (!fields.TryGetValue(name, out JsonElement element))
        {
            return default;
        }

        T? value = read(element);
        if (value is not null || element.ValueKind == JsonValueKind.Null)
        {
            fields.Remove(name);
        }

        return value;
    }
}
