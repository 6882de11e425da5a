using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace LlmObs.Emulator.Json;

/// <summary>
/// A JSON value that is kept as its text. Most values are only ever given back: a document for each would take time when they come
/// in, and memory as long as they stay.
/// </summary>
/// <param name="text">Valid JSON without line breaks, and without spaces around it.</param>
internal readonly struct StoredJson(ReadOnlyMemory<byte> text)
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = BodyJson.MaxDepth };

    /// <summary>Its text.</summary>
    public ReadOnlySpan<byte> Text => text.Span;

    public bool IsNull => Text.SequenceEqual("null"u8);

    public bool IsObject => Text[0] == '{';

    /// <summary>True for a text without letters, and an object without members.</summary>
    public bool IsEmpty => Text.SequenceEqual("\"\""u8) || (IsObject && Text[1..].TrimStart(" \t"u8)[0] == '}');

    /// <summary>A copy of a value, null if there is none.</summary>
    /// <param name="value">The value; its document may go.</param>
    public static StoredJson? Of(JsonElement? value) => value is { } element ? Of(element) : null;

    /// <summary>A copy of a value.</summary>
    /// <param name="value">The value; its document may go.</param>
    public static StoredJson Of(JsonElement value) => new(BodyJson.OnOneLine(JsonMarshal.GetRawUtf8Value(value).ToArray()));

    /// <summary>The value as a document of its own.</summary>
    public JsonElement ToElement() => JsonElement.Parse(Text, Options);

    public void WriteTo(Utf8JsonWriter json) => json.WriteRawValue(Text, skipInputValidation: true);

    /// <summary>True if another text means the same.</summary>
    public bool Says(StoredJson other) => Text.SequenceEqual(other.Text) || JsonElement.DeepEquals(ToElement(), other.ToElement());

    public override string ToString() => Encoding.UTF8.GetString(Text);
}
