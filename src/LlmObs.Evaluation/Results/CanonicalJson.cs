using System.Buffers;
using System.Globalization;
using System.Numerics;
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
                writer.WriteRawValue(NumberOf(value.GetRawText()), skipInputValidation: true);
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    // 1, 1.0 and 10e-1 are one number: its digits without zeros at either end, and the power of ten that they are multiplied by. Any
    // type of .NET would round some numbers to others.
    private static string NumberOf(string text)
    {
        int mark = text.AsSpan().IndexOfAny('e', 'E');
        string mantissa = mark < 0 ? text : text[..mark];
        int point = mantissa.IndexOf('.', StringComparison.Ordinal);
        string digits = mantissa.TrimStart('-').Replace(".", string.Empty, StringComparison.Ordinal);
        string significant = digits.TrimEnd('0');
        BigInteger power = mark < 0 ? BigInteger.Zero : BigInteger.Parse(text.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        power += digits.Length - significant.Length - (point < 0 ? 0 : mantissa.Length - point - 1);
        significant = significant.TrimStart('0');
        string sign = text[0] == '-' ? "-" : string.Empty;
        return significant.Length == 0 ? "0" : string.Create(CultureInfo.InvariantCulture, $"{sign}{significant}E{power}");
    }
}
