using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace LlmObs.Client.Json;

/// <summary>Reports the position at which text stops being JSON.</summary>
public static class JsonText
{
    /// <summary>The parser's reason in one line, with the place counted from 1 as editors do.</summary>
    /// <param name="exception">What the parser threw.</param>
    /// <returns>The reason, without a full stop.</returns>
    public static string Reason(JsonException exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
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

    /// <summary>True if a text is one JSON value.</summary>
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

    /// <summary>Checks a text to its end.</summary>
    /// <exception cref="JsonException">It is not JSON, or more than one.</exception>
    public static void MustBeJson(ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text, JsonDefaults.ReaderOptions);
        while (reader.Read())
        {
            // The reader throws at the first mistake.
        }
    }
}

/// <summary>The options for reading and writing JSON, everywhere in this project.</summary>
internal static class JsonDefaults
{
    /// <summary>The deepest nesting of an answer.</summary>
    public const int AnswerDepth = 512;

    /// <summary>For text that somebody else wrote: rows, files, cells.</summary>
    public static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = HostObjectJson.MaxDepth };

    // Bodies are JSON over HTTP, never HTML: non-Latin text is sent unescaped, smaller and readable in -WhatIf.
    public static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = HostObjectJson.MaxDepth + 16,
        SkipValidation = true,
    };
}

/// <summary>Text that holds half of a surrogate pair can't be sent; writing a replacement for it would change the data in silence.</summary>
internal static class SurrogatePairs
{
    /// <summary>The reason why it can't be sent, as the end of a sentence.</summary>
    public const string Half = "holds half of a surrogate pair, which is not a character";

    /// <summary>True if every pair in a text is whole.</summary>
    public static bool AreWhole(ReadOnlySpan<char> text)
    {
        for (int at; (at = text.IndexOfAnyInRange('\uD800', '\uDFFF')) >= 0;)
        {
            if (Rune.DecodeFromUtf16(text[at..], out _, out int length) != OperationStatus.Done)
            {
                return false;
            }

            text = text[(at + length)..];
        }

        return true;
    }
}
