using System.Text;
using System.Text.Json;

namespace LlmObs.Evaluation.Results;

/// <summary>
/// One JSON value in its original UTF-8 text. Inputs and outputs are parsed only on demand: most of a run's rows are only
/// counted.
/// </summary>
/// <param name="utf8">The text; empty if there is no value, which is not the same as <c>null</c>.</param>
public readonly struct RawJson(ReadOnlyMemory<byte> utf8)
{
    private static readonly RawJson True = Of("true");
    private static readonly RawJson False = Of("false");

    /// <summary>The text of the value.</summary>
    public ReadOnlyMemory<byte> Utf8 => utf8;

    /// <summary>True if there is no value.</summary>
    public bool IsMissing => utf8.IsEmpty;

    /// <summary>JSON from text.</summary>
    /// <param name="json">The JSON of one value.</param>
    /// <returns>The value.</returns>
    public static RawJson Of(string json) => new(Encoding.UTF8.GetBytes(json));

    /// <summary>A boolean as JSON.</summary>
    /// <param name="value">The boolean.</param>
    /// <returns>The value.</returns>
    public static RawJson Of(bool value) => value ? True : False;

    /// <summary>Text as a JSON string.</summary>
    /// <returns>The value.</returns>
    public static RawJson OfText(string text) => new(JsonSerializer.SerializeToUtf8Bytes(text, ResultJson.Options));

    /// <summary>A number as JSON.</summary>
    /// <param name="number">A finite number.</param>
    /// <returns>The value.</returns>
    public static RawJson Of(double number) => new(JsonSerializer.SerializeToUtf8Bytes(number, ResultJson.Options));

    /// <summary>Reads the value.</summary>
    /// <returns>The value; of the kind <see cref="JsonValueKind.Undefined"/> if there is none.</returns>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public JsonElement Read() => IsMissing ? default : JsonElement.Parse(utf8.Span, ResultJson.DocumentOptions);

    /// <summary>Reads a string.</summary>
    /// <returns>Its text; null where the value is none.</returns>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public string? ReadText()
    {
        if (IsMissing)
        {
            return null;
        }

        var reader = new Utf8JsonReader(utf8.Span);
        return reader.Read() && reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
    }

    /// <summary>The JSON.</summary>
    /// <returns>The text; empty if there is no value.</returns>
    public override string ToString() => Encoding.UTF8.GetString(utf8.Span);
}
