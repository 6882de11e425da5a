using System.Text.Json;
using System.Text.Unicode;

namespace LlmObs.Client.Rows;

/// <summary>A row of a table that is a JSON object: its members are its columns.</summary>
internal sealed class JsonTableRow : EventRow
{
    private readonly List<(int Start, int Length)> _slots = [];
    private List<string> _columns = [];
    private bool _columnsAreNew;
    private ReadOnlyMemory<byte> _json;
    private IReadOnlyList<NumberWord> _words = [];
    private RowPlace _place;

    public override RowPlace Place => _place;

    public override IReadOnlyList<string> Columns => _columns;

    /// <exception cref="EventRowException">The text is not Unicode.</exception>
    public void Load(ReadOnlyMemory<byte> value, RowPlace at, IReadOnlyList<NumberWord> numberWords)
    {
        _words = numberWords;
        _json = value;
        _place = at;
        _slots.Clear();
        _columnsAreNew = false;
        if (!Utf8.IsValid(value.Span))
        {
            throw new EventRowException(string.Empty, "it " + FieldParser.NotUtf8Reason);
        }

        JsonEscapes.RefuseHalfPairs(value.Span, string.Empty);

        var reader = new Utf8JsonReader(value.Span, JsonDefaults.ReaderOptions);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            NameColumn(_slots.Count, reader);
            reader.Read();
            int start = (int)reader.TokenStartIndex;
            reader.Skip();
            _slots.Add((start, (int)reader.BytesConsumed - start));
        }

        if (_columns.Count > _slots.Count)
        {
            _columns = _columns[.._slots.Count];
        }
    }

    public override Cell Get(EventField field) => Cell.Missing;

    public override Cell GetColumn(int index) => _words.Count == 0
        ? Cell.OfJson(_json.Span.Slice(_slots[index].Start, _slots[index].Length))
        : JsonCells.At(_json.Span, _slots[index].Start, _slots[index].Length, _words, _columns[index]);

    public override Cell GetMember(int index, string path)
    {
        (int start, int length) = JsonMembers.Find(_json.Span, _slots[index].Start, path);
        return length > 0 ? JsonCells.At(_json.Span, start, length, _words, MemberPath.Join(_columns[index], path))
            : _json.Span[_slots[index].Start] == '"' ? InText(GetColumn(index), path)
            : Cell.Missing;
    }

    internal override IReadOnlyList<(string Path, int Count, Func<string, bool> Has)> Lists() =>
        [.. JsonMembers.Lists(_json.Span).Select(list => (list.Path, list.Count, (Func<string, bool>)(name => JsonMembers.Find(_json.Span, list.First, name).Length > 0)))];

    internal override IReadOnlyList<string> PathsTo(string name) => JsonMembers.PathsTo(_json.Span, name);

    // Rows of one table have the same columns: only if a row differs, a new list object is made.
    private void NameColumn(int index, in Utf8JsonReader reader)
    {
        if (index < _columns.Count && reader.ValueTextEquals(_columns[index]))
        {
            return;
        }

        try
        {
            string name = reader.GetString()!;
            _columns = _columnsAreNew ? _columns : _columns[..index];
            _columnsAreNew = true;
            _columns.Add(name);
        }
        catch (InvalidOperationException)
        {
            throw new EventRowException(string.Empty, "it has a name that " + SurrogatePairs.Half);
        }
    }
}

/// <summary>Makes cells of pieces of JSON in which numbers that JSON has no word for were overwritten.</summary>
internal static class JsonCells
{
    /// <summary>A piece of JSON as a cell: one of the words is the number that it means.</summary>
    /// <param name="json">The text with its words overwritten.</param>
    /// <param name="start">The start of the piece.</param>
    /// <param name="words">The text's words.</param>
    /// <param name="name">The piece's name in errors.</param>
    /// <exception cref="EventRowException">There is such a word somewhere inside of it.</exception>
    public static Cell At(ReadOnlySpan<byte> json, int start, int length, IReadOnlyList<NumberWord> words, string name)
    {
        foreach (NumberWord word in words)
        {
            if (word.Start == start)
            {
                return Cell.Of(word.Number, null);
            }

            if (word.Start > start && word.Start < start + length)
            {
                throw new EventRowException(name, $"holds {word}, {NumberWords.NoNumber}");
            }
        }

        return Cell.OfJson(json.Slice(start, length));
    }
}
