using System.Text;
using System.Text.Json;

namespace LlmObs.Client.Api;

/// <summary>A record that is to be added: each of its fields as JSON, UTF-8; empty for one that it does not have.</summary>
public sealed record RecordText(ReadOnlyMemory<byte> Input)
{
    /// <summary>The expected output.</summary>
    public ReadOnlyMemory<byte> ExpectedOutput { get; init; }

    /// <summary>The metadata, an object.</summary>
    public ReadOnlyMemory<byte> Metadata { get; init; }

    /// <summary>Its own id, as text instead of JSON; null if the service makes one.</summary>
    public string? Id { get; init; }

    /// <summary>Its tags; none for none.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>About how many bytes it takes in a request.</summary>
    public int ByteCount => 64 + Input.Length + ExpectedOutput.Length + Metadata.Length + (Id?.Length ?? 0) + Tags.Sum(tag => tag.Length + 3);

    /// <summary>True if it has fields that "create records" does not support.</summary>
    public bool HasIdOrTags => Id is not null || Tags.Count > 0;

    /// <summary>The record as JSON, ready to be added again.</summary>
    /// <returns>An object with the fields under their API names.</returns>
    public override string ToString()
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(ByteCount);
        using (var writer = new Utf8JsonWriter(buffer, JsonDefaults.WriterOptions))
        {
            WriteTo(writer);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    internal void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        if (Id is not null)
        {
            writer.WriteString("id"u8, Id);
        }

        WriteRaw(writer, "input", Input);
        WriteRaw(writer, "expected_output", ExpectedOutput);
        WriteRaw(writer, "metadata", Metadata);
        if (Tags.Count > 0)
        {
            ResourceJson.WriteList(writer, "tags", Tags);
        }

        writer.WriteEndObject();
    }

    private static void WriteRaw(Utf8JsonWriter writer, string name, ReadOnlyMemory<byte> json)
    {
        if (!json.IsEmpty)
        {
            writer.WritePropertyName(name);
            writer.WriteRawValue(json.Span, skipInputValidation: true);
        }
    }
}
