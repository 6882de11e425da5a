using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using LlmObs.Evaluation.Results;

namespace LlmObs.PowerShell.Running;

/// <summary>PowerShell's values as they are at this moment, as JSON.</summary>
internal static class JsonSnapshot
{
    private const int LargestKept = 64 * 1024; // bytes of a buffer that a thread keeps
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = HostObjectJson.MaxDepth + 2, SkipValidation = true };

    [ThreadStatic]
    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Writer)? _idle;

    /// <exception cref="UnwritableValueException">The value, or one inside it, has no place in JSON.</exception>
    public static RawJson Of(object? value)
    {
        (ArrayBufferWriter<byte> buffer, Utf8JsonWriter writer) = _idle ?? NewWriter();
        _idle = null; // a property that is read meanwhile may come here, too
        PSObjectJson.Instance.Write(writer, value);
        writer.Flush();
        var json = new RawJson(buffer.WrittenSpan.ToArray());
        if (buffer.Capacity <= LargestKept)
        {
            buffer.ResetWrittenCount();
            writer.Reset();
            _idle = (buffer, writer);
        }

        return json;
    }

    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Writer) NewWriter()
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        return (buffer, new Utf8JsonWriter(buffer, Options));
    }

    /// <summary>The value as PowerShell has it.</summary>
    public static object? Read(RawJson json) => json.IsMissing ? null : json.ReadText() ?? PSObjectJson.Instance.Read(json.Read());

    /// <summary>Configuration or metadata as tasks and evaluators get it: objects are dictionaries, for a dot and for an index.</summary>
    public static object? ReadForScripts(RawJson json) => json.IsMissing ? null : ScriptJson.Instance.Read(json.Read());

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
