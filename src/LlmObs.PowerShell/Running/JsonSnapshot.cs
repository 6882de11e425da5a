using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using LlmObs.Evaluation.Results;

namespace LlmObs.PowerShell.Running;

/// <summary>PowerShell's values as they are at this moment, as JSON.</summary>
internal static class JsonSnapshot
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = HostObjectJson.MaxDepth + 2, SkipValidation = true };

    /// <exception cref="UnwritableValueException">The value, or one inside it, has no place in JSON.</exception>
    public static RawJson Of(object? value)
    {
        var buffer = new ArrayBufferWriter<byte>(64);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            PSObjectJson.Instance.Write(writer, value);
        }

        return new RawJson(buffer.WrittenSpan.ToArray());
    }

    /// <summary>The value as PowerShell has it.</summary>
    public static object? Read(RawJson json) => json.IsMissing ? null : PSObjectJson.Instance.Read(json.Read());

    /// <summary>One object of the members of several; of two with the same name the later one.</summary>
    public static RawJson Merge(params ReadOnlySpan<RawJson> objects)
    {
        var members = new OrderedDictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (RawJson one in objects)
        {
            if (!one.IsMissing)
            {
                foreach (JsonProperty member in one.Read().EnumerateObject())
                {
                    members[member.Name] = member.Value;
                }
            }
        }

        if (members.Count == 0)
        {
            return default;
        }

        var buffer = new ArrayBufferWriter<byte>(64);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            foreach ((string name, JsonElement value) in members)
            {
                writer.WritePropertyName(name);
                value.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        return new RawJson(buffer.WrittenSpan.ToArray());
    }
}
