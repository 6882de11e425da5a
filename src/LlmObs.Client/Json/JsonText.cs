using System.Globalization;
using System.Text.Json;

namespace LlmObs.Client.Json;

/// <summary>Says where text stops being JSON.</summary>
internal static class JsonText
{
    /// <summary>The parser's reason in one line, with the place counted from 1 as editors do.</summary>
    public static string Reason(JsonException exception)
    {
        string message = exception.Message;
        int end = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        string reason = (end < 0 ? message : message[..end])
            .Replace(" which is not supported in this mode. Change the reader options", string.Empty, StringComparison.Ordinal)
            .Replace(", when isFinalBlock is true", string.Empty, StringComparison.Ordinal)
            .TrimEnd('.', ' ', '|');
        return exception is { LineNumber: long line, BytePositionInLine: long position }
            ? string.Create(CultureInfo.InvariantCulture, $"{reason} (line {line + 1}, byte {position + 1})")
            : reason;
    }

    /// <summary>Whether a text is one JSON value.</summary>
    public static bool IsJson(ReadOnlySpan<char> text)
    {
        try
        {
            MustBeJson(System.Text.Encoding.UTF8.GetBytes(text.ToString()));
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Goes through a text to its end.</summary>
    /// <exception cref="JsonException">It is not JSON, or more than one.</exception>
    public static void MustBeJson(ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text, JsonDefaults.ReaderOptions);
        while (reader.Read())
        {
            // The reader throws where it can't go on.
        }
    }
}
