using System.Buffers;
using System.Text.Json;

namespace LlmObs.Client;

/// <summary>
/// Goes through JSON token by token without holding more of it than the value that is asked for: a file with a million
/// events needs the memory of its longest one.
/// </summary>
internal sealed class JsonPullReader : IDisposable
{
    private const int FirstBufferSize = 64 * 1024;

    private readonly Stream? stream;
    private byte[]? rented;
    private ReadOnlyMemory<byte> data;
    private bool isFinal;
    private int next;
    private int tokenStart;
    private JsonReaderState state = new(JsonEventReader.ReaderOptions);
    private JsonReaderState stateBefore;

    public JsonPullReader(ReadOnlyMemory<byte> text)
    {
        data = text;
        isFinal = true;
    }

    public JsonPullReader(Stream stream)
    {
        this.stream = stream;
        rented = ArrayPool<byte>.Shared.Rent(FirstBufferSize);
    }

    public JsonTokenType TokenType { get; private set; }

    /// <summary>The name, where the token is a property's name.</summary>
    public string Name { get; private set; } = string.Empty;

    /// <summary>Goes to the next token; None at the end.</summary>
    public JsonTokenType MoveNext()
    {
        while (true)
        {
            var reader = new Utf8JsonReader(data.Span[next..], isFinal, state);
            if (reader.Read())
            {
                stateBefore = state;
                tokenStart = next;
                state = reader.CurrentState;
                next += (int)reader.BytesConsumed;
                TokenType = reader.TokenType;
                Name = TokenType == JsonTokenType.PropertyName ? NameOf(reader) : string.Empty;
                return TokenType;
            }

            if (isFinal)
            {
                return TokenType = JsonTokenType.None;
            }

            Fill(keepFrom: next);
        }
    }

    /// <summary>Takes the value that the reader stands at, whole; it is valid until the next move.</summary>
    public ReadOnlyMemory<byte> TakeValue()
    {
        while (true)
        {
            var reader = new Utf8JsonReader(data.Span[tokenStart..], isFinal, stateBefore);
            reader.Read();
            int start = tokenStart + (int)reader.TokenStartIndex;
            if (reader.TrySkip())
            {
                state = reader.CurrentState;
                next = tokenStart + (int)reader.BytesConsumed;
                return data[start..next];
            }

            Fill(keepFrom: tokenStart);
        }
    }

    /// <summary>Whether the object that the reader stands at begins as a payload does.</summary>
    public bool IsPayload()
    {
        while (true)
        {
            var reader = new Utf8JsonReader(data.Span[tokenStart..], isFinal, stateBefore);
            reader.Read();
            if (reader.Read() && (reader.TokenType != JsonTokenType.PropertyName || !IsPayloadName(reader)))
            {
                return false;
            }

            // Spans and metrics are lists, data and attributes are objects: the same words may name a user's column.
            bool isData = reader.TokenType == JsonTokenType.PropertyName && (reader.ValueTextEquals("data"u8) || reader.ValueTextEquals("attributes"u8));
            if (reader.TokenType == JsonTokenType.PropertyName && reader.Read())
            {
                return reader.TokenType == (isData ? JsonTokenType.StartObject : JsonTokenType.StartArray);
            }

            if (isFinal)
            {
                return false;
            }

            Fill(keepFrom: tokenStart);
        }
    }

    /// <summary>Makes sure that nothing but blanks follows.</summary>
    public void MoveToEnd()
    {
        while (MoveNext() != JsonTokenType.None)
        {
        }
    }

    public void Dispose()
    {
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
            rented = null;
        }
    }

    private static string NameOf(in Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException("a name is not Unicode", e);
        }
    }

    private static bool IsPayloadName(in Utf8JsonReader reader) =>
        !reader.ValueIsEscaped && (reader.ValueTextEquals("spans"u8) || reader.ValueTextEquals("metrics"u8) || reader.ValueTextEquals("data"u8) || reader.ValueTextEquals("attributes"u8));

    private void Fill(int keepFrom)
    {
        int kept = data.Length - keepFrom;
        if (kept > rented!.Length / 2)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(rented.Length * 2);
            data.Span[keepFrom..].CopyTo(larger);
            ArrayPool<byte>.Shared.Return(rented);
            rented = larger;
        }
        else
        {
            data.Span[keepFrom..].CopyTo(rented);
        }

        next -= keepFrom;
        tokenStart -= keepFrom;
        int read = stream!.Read(rented, kept, rented.Length - kept);
        isFinal = read == 0;
        data = rented.AsMemory(0, kept + read);
    }
}
