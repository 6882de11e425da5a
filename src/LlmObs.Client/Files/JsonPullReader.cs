using System.Buffers;
using System.Text.Json;

namespace LlmObs.Client.Files;

/// <summary>
/// Goes through JSON token by token without holding more of it than the value that is asked for: a file with a million
/// events needs the memory of its longest one.
/// </summary>
internal sealed class JsonPullReader : IDisposable
{
    private static readonly string[] ListNames = [.. PayloadShape.Lists.Select(list => list.Name)];

    private const int FirstBufferSize = 64 * 1024;

    private readonly Stream? _stream;
    private byte[]? _rented;
    private ReadOnlyMemory<byte> _data;
    private bool _isFinal;
    private int _next;
    private int _tokenStart;
    private JsonReaderState _state = new(JsonDefaults.ReaderOptions with { AllowMultipleValues = true });
    private JsonReaderState _stateBefore;
    private NumberWords? _words; // if the text contains some
    private int _hiddenTo; // up to here they are overwritten
    private long _dataStart; // of the present piece in the whole

    /// <param name="text">The text, whole and known to be JSON.</param>
    /// <param name="hidden">The words that were overwritten in it.</param>
    public JsonPullReader(ReadOnlyMemory<byte> text, NumberWords hidden)
    {
        _data = text;
        _isFinal = true;
        _words = hidden;
        _hiddenTo = text.Length;
    }

    public JsonPullReader(Stream stream)
    {
        _stream = stream;
        _rented = ArrayPool<byte>.Shared.Rent(FirstBufferSize);
    }

    public JsonTokenType TokenType { get; private set; }

    /// <summary>The name, if the token is a property's name.</summary>
    public string Name { get; private set; } = string.Empty;

    /// <summary>The numbers that JSON has no word for in the value that was taken last.</summary>
    public IReadOnlyList<NumberWord> TakenWords { get; private set; } = [];

    /// <summary>Goes to the next token; None at the end.</summary>
    public JsonTokenType MoveNext()
    {
        while (true)
        {
            var reader = new Utf8JsonReader(_data.Span[_next..], _isFinal, _state);
            bool found;
            try
            {
                found = reader.Read();
            }
            catch (JsonException) when (TryHideWords())
            {
                continue;
            }

            if (found)
            {
                _stateBefore = _state;
                _tokenStart = _next;
                _state = reader.CurrentState;
                _next += (int)reader.BytesConsumed;
                TokenType = reader.TokenType;
                Name = TokenType == JsonTokenType.PropertyName ? NameOf(reader) : string.Empty;
                return TokenType;
            }

            if (_isFinal)
            {
                return TokenType = JsonTokenType.None;
            }

            Fill(keepFrom: _next);
        }
    }

    /// <summary>Takes the whole value at the reader's position; it is valid until the next move.</summary>
    public ReadOnlyMemory<byte> TakeValue()
    {
        while (true)
        {
            var reader = new Utf8JsonReader(_data.Span[_tokenStart..], _isFinal, _stateBefore);
            reader.Read();
            int start = _tokenStart + (int)reader.TokenStartIndex;
            bool isWhole;
            try
            {
                isWhole = reader.TrySkip();
            }
            catch (JsonException) when (TryHideWords())
            {
                continue;
            }

            if (isWhole)
            {
                _state = reader.CurrentState;
                _next = _tokenStart + (int)reader.BytesConsumed;
                TakenWords = _words?.Take(_dataStart + start, _next - start) ?? [];
                return _data[start.._next];
            }

            Fill(keepFrom: _tokenStart);
        }
    }

    /// <summary>
    /// True if the object at the reader's position is a payload: it has a list called spans or metrics, or an object called
    /// data or attributes, and no member before it that only an event has.
    /// </summary>
    public bool IsPayload()
    {
        while (true)
        {
            var reader = new Utf8JsonReader(_data.Span[_tokenStart..], _isFinal, _stateBefore);
            reader.Read();
            bool? isPayload;
            try
            {
                isPayload = IsPayload(ref reader);
            }
            catch (JsonException) when (TryHideWords())
            {
                continue;
            }

            if (isPayload is bool known)
            {
                return known;
            }

            if (_isFinal)
            {
                return false;
            }

            Fill(keepFrom: _tokenStart);
        }
    }

    /// <summary>True if the object at the reader's position begins with the lists of a table in parts: columns, data, and maybe an index.</summary>
    public bool IsSplitFrame()
    {
        while (true)
        {
            var reader = new Utf8JsonReader(_data.Span[_tokenStart..], _isFinal, _stateBefore);
            reader.Read();
            bool? isFrame;
            try
            {
                isFrame = IsSplitFrame(ref reader);
            }
            catch (JsonException) when (TryHideWords())
            {
                continue;
            }

            if (isFrame is bool known)
            {
                return known;
            }

            if (_isFinal)
            {
                return false;
            }

            Fill(keepFrom: _tokenStart);
        }
    }

    private static bool? IsSplitFrame(ref Utf8JsonReader reader)
    {
        bool hasColumns = false;
        while (reader.Read())
        {
            bool isColumns = reader.TokenType == JsonTokenType.PropertyName && NameIs(reader, "columns"u8);
            bool isData = hasColumns && reader.TokenType == JsonTokenType.PropertyName && NameIs(reader, "data"u8);
            if (!isColumns && !isData && (reader.TokenType != JsonTokenType.PropertyName || !NameIs(reader, "index"u8)))
            {
                return false;
            }

            if (!reader.Read())
            {
                return null;
            }

            if (isData || reader.TokenType != JsonTokenType.StartArray)
            {
                return isData && reader.TokenType == JsonTokenType.StartArray;
            }

            hasColumns |= isColumns;
            if (!reader.TrySkip())
            {
                return null;
            }
        }

        return null;
    }

    /// <summary>The number of bytes that were not read, after text that is not JSON. Reads the stream to its end.</summary>
    public long CountRest()
    {
        long count = _data.Length - _next;
        for (int read; _stream is not null && (read = _stream.Read(_rented)) > 0;)
        {
            count += read;
        }

        return count;
    }

    public void Dispose()
    {
        if (_rented is not null)
        {
            ArrayPool<byte>.Shared.Return(_rented);
            _rented = null;
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

    /// <summary>Null if more of the object must be read to know.</summary>
    private static bool? IsPayload(ref Utf8JsonReader reader)
    {
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName || NameIsOf(reader, PayloadShape.EventMembers))
            {
                return false;
            }

            bool isList = NameIsOf(reader, ListNames);
            bool isEnvelope = NameIsOf(reader, PayloadShape.Envelopes);
            if (!reader.Read())
            {
                return null;
            }

            if ((isList && reader.TokenType == JsonTokenType.StartArray) || (isEnvelope && reader.TokenType == JsonTokenType.StartObject))
            {
                return true;
            }

            if (!reader.TrySkip())
            {
                return null;
            }
        }

        return null;
    }

    private static bool NameIs(in Utf8JsonReader reader, ReadOnlySpan<byte> name) => !reader.ValueIsEscaped && reader.ValueTextEquals(name);

    private static bool NameIsOf(in Utf8JsonReader reader, IReadOnlyList<string> names)
    {
        bool isOne = false;
        for (int name = 0; name < names.Count && !isOne && !reader.ValueIsEscaped; name++)
        {
            isOne = reader.ValueTextEquals(names[name]);
        }

        return isOne;
    }

    /// <summary>Overwrites the numbers that JSON has no word for, from the first one that is met.</summary>
    /// <returns>False if that changes nothing: the text is not JSON for another reason.</returns>
    private bool TryHideWords()
    {
        if (_stream is null || (_words is not null && _hiddenTo == _data.Length))
        {
            return false;
        }

        if (_words is null)
        {
            _words = new NumberWords();
            _hiddenTo = _next;
            return HideWords();
        }

        // What is left may be the beginning of a word.
        if (!_isFinal)
        {
            Fill(keepFrom: _tokenStart);
            return true;
        }

        return HideWords();
    }

    private bool HideWords()
    {
        int before = _hiddenTo;
        _hiddenTo += _words!.Hide(_rented.AsSpan(_hiddenTo.._data.Length), _dataStart + _hiddenTo, _isFinal);
        return _hiddenTo > before;
    }

    private void Fill(int keepFrom)
    {
        int kept = _data.Length - keepFrom;
        if (kept > HostObjectJson.LargestValue)
        {
            throw new EventRowException(string.Empty, FormattableString.Invariant(
                $"one value in it is larger than {HostObjectJson.LargestValue / 1024 / 1024} MiB, and the file is not read further"));
        }

        if (kept > _rented!.Length / 2)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(_rented.Length * 2);
            _data.Span[keepFrom..].CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_rented);
            _rented = larger;
        }
        else
        {
            _data.Span[keepFrom..].CopyTo(_rented);
        }

        _next -= keepFrom;
        _tokenStart -= keepFrom;
        _hiddenTo -= keepFrom;
        _dataStart += keepFrom;

        // A whole buffer: each piece parses the value from its start again, so small pieces would take quadratic time.
        int read = _stream!.ReadAtLeast(_rented.AsSpan(kept), _rented.Length - kept, throwOnEndOfStream: false);
        _isFinal = kept + read < _rented.Length;
        _data = _rented.AsMemory(0, kept + read);
        if (_words is not null)
        {
            HideWords();
        }
    }
}
