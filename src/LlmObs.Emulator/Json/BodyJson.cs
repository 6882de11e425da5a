using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace LlmObs.Emulator.Json;

/// <summary>The conditions for a body before anything is read from it, and the messages of its faults.</summary>
internal static class BodyJson
{
    /// <summary>The deepest nesting that is read.</summary>
    public const int MaxDepth = 256;

    public static JsonReaderOptions ReaderOptions { get; } = new() { MaxDepth = MaxDepth };

    /// <summary>Text as it is, non-Latin letters included: nothing written here ends up in a web page.</summary>
    public static JsonWriterOptions WriterOptions { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static JsonDocumentOptions DocumentOptions { get; } =
        new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    /// <summary>Reads a whole body.</summary>
    /// <param name="body">The bytes.</param>
    /// <param name="document">The document, to be disposed of by the caller; null if there is a problem.</param>
    /// <returns>The reason why it can't be read, with the position; null if it can.</returns>
    public static Problem? Parse(ReadOnlyMemory<byte> body, out JsonDocument? document)
    {
        document = null;
        if (CheckCharacters(body.Span) is { } problem)
        {
            return problem;
        }

        try
        {
            document = JsonDocument.Parse(body, DocumentOptions);
            return null;
        }
        catch (JsonException failure)
        {
            return Malformed(failure);
        }
    }

    /// <summary>
    /// Finds what a JSON reader would only stumble over when it takes a string out: bytes that are not UTF-8, and halves
    /// of surrogate pairs.
    /// </summary>
    /// <param name="body">The bytes.</param>
    /// <returns>The problem; null if there is none.</returns>
    public static Problem? CheckCharacters(ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty)
        {
            return Problem.BadRequest("The body is empty; a JSON object was expected.", string.Empty);
        }

        if (!Utf8.IsValid(body))
        {
            return At(body, FirstInvalid(body), "bytes that are not UTF-8");
        }

        // Surrogates are rare enough to check closely only after the first letters of one were seen.
        bool suspicious = body.IndexOf("\\ud"u8) >= 0 || body.IndexOf("\\uD"u8) >= 0;
        return suspicious ? CheckSurrogates(body) : null;
    }

    public static Problem Malformed(JsonException failure)
    {
        string message = failure.Message;
        int place = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        if (place >= 0)
        {
            message = message[..place];
        }

        return failure.LineNumber is { } line && failure.BytePositionInLine is { } position
            ? Problem.BadRequest(Inv($"The body is not valid JSON at line {line + 1}, byte {position + 1}: {message}"))
            : Problem.BadRequest($"The body is not valid JSON: {message}");
    }

    /// <summary>
    /// A body without line breaks. JSON allows them only between tokens, so replacing each with a space changes no value
    /// and moves nothing.
    /// </summary>
    /// <param name="body">A body that was found to be valid JSON.</param>
    /// <returns>The same array if it had none, otherwise a copy.</returns>
    public static byte[] OnOneLine(byte[] body)
    {
        if (body.AsSpan().IndexOfAny((byte)'\n', (byte)'\r') < 0)
        {
            return body;
        }

        byte[] copy = (byte[])body.Clone();
        copy.AsSpan().Replace((byte)'\n', (byte)' ');
        copy.AsSpan().Replace((byte)'\r', (byte)' ');
        return copy;
    }

    public static string NameOf(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "a boolean",
        _ => "null",
    };

    public static string NameOf(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        _ => "null",
    };

    private static Problem? CheckSurrogates(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body, ReaderOptions);
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName
                    && reader.ValueIsEscaped
                    && HasLoneSurrogate(reader.ValueSpan))
                {
                    return At(body, (int)reader.TokenStartIndex, "a string with half a surrogate pair");
                }
            }

            return null;
        }
        catch (JsonException failure)
        {
            return Malformed(failure);
        }
    }

    private static bool HasLoneSurrogate(ReadOnlySpan<byte> text)
    {
        bool afterHigh = false;
        int index = 0;
        while (index < text.Length)
        {
            char unit = '\0';
            int length = 1;
            if (text[index] == '\\')
            {
                bool unicode = text[index + 1] == 'u';
                length = unicode ? 6 : 2;
                unit = unicode ? (char)Hex(text.Slice(index + 2, 4)) : '\0';
            }

            if (char.IsLowSurrogate(unit) != afterHigh)
            {
                return true;
            }

            afterHigh = char.IsHighSurrogate(unit);
            index += length;
        }

        return afterHigh;
    }

    private static int Hex(ReadOnlySpan<byte> digits) =>
        int.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static int FirstInvalid(ReadOnlySpan<byte> body)
    {
        int index = 0;
        while (index < body.Length
            && Rune.DecodeFromUtf8(body[index..], out _, out int length) == System.Buffers.OperationStatus.Done)
        {
            index += length;
        }

        return index;
    }

    private static Problem At(ReadOnlySpan<byte> body, int offset, string what)
    {
        ReadOnlySpan<byte> before = body[..offset];
        int line = before.Count((byte)'\n') + 1;
        int position = offset - before.LastIndexOf((byte)'\n');
        return Problem.BadRequest(Inv($"The body is not valid JSON at line {line}, byte {position}: found {what}."));
    }

    private static string Inv(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Opens a request's body and hands out its attributes while it is open.</summary>
internal static class BodyReader
{
    /// <summary>Reads a body.</summary>
    /// <param name="body">The bytes.</param>
    /// <param name="types">The types that <c>data.type</c> may name.</param>
    /// <param name="read">Reads the attributes; it must copy those that it keeps.</param>
    /// <returns>The problem; null if there is none.</returns>
    public static Problem? Read(byte[] body, IReadOnlyList<string> types, Func<JsonFields, Problem?> read)
    {
        if (BodyJson.Parse(body, out JsonDocument? document) is { } malformed)
        {
            return malformed;
        }

        using (document)
        {
            return Envelope.Open(document!, types, out JsonFields attributes) ?? read(attributes);
        }
    }
}
