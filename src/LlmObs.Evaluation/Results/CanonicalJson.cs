using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace LlmObs.Evaluation.Results;

/// <summary>
/// One form for values that are the same to JSON: members in one order, numbers without needless digits. A service may give an
/// object back with its members in another order.
/// </summary>
public static class CanonicalJson
{
    private static readonly JsonWriterOptions Options = new() { SkipValidation = true };

    /// <summary>A digest of values in their order; one that is missing is not the same as <c>null</c>.</summary>
    /// <param name="values">The values.</param>
    /// <returns>The digest, 32 bytes.</returns>
    public static byte[] DigestOf(params ReadOnlySpan<RawJson> values)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            for (int place = 0; place < values.Length; place++)
            {
                if (!values[place].IsMissing)
                {
                    writer.WritePropertyName(place.ToString(CultureInfo.InvariantCulture));
                    Write(writer, values[place].Read());
                }
            }

            writer.WriteEndObject();
        }

        return SHA256.HashData(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (JsonProperty member in value.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(member.Name);
                    Write(writer, member.Value);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (JsonElement item in value.EnumerateArray())
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.Number:
                writer.WriteRawValue(NumberOf(value), skipInputValidation: true);
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    // 1, 1.0 and 1e0 are one number; of twenty digits none is lost.
    private static string NumberOf(JsonElement number) =>
        number.TryGetDecimal(out decimal exact) ? exact.ToString("0.############################", CultureInfo.InvariantCulture)
        : number.TryGetDouble(out double near) && double.IsFinite(near) ? near.ToString("R", CultureInfo.InvariantCulture)
        : number.GetRawText();
}
