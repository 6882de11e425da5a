using System.Text.Json;
using System.Text.Unicode;

namespace LlmObs.Client.Rows;

/// <summary>A row of a table that is a JSON object: its members are its columns.</summary>
internal sealed class JsonTableRow : EventRow
{
    private readonly List<(int Start, int Length)> slots = [];
    private List<string> columns = [];
    private bool columnsAreNew;
    private ReadOnlyMemory<byte> json;
    private IReadOnlyList<NumberWord> words = [];
    private RowPlace place;

    public override RowPlace Place => place;

    public override IReadOnlyList<string> Columns => columns;

    /// <exception cref="EventRowException">The text is not Unicode.</exception>
    public void Load(ReadOnlyMemory<byte> value, RowPlace at, IReadOnlyList<NumberWord> numberWords)
    {
        words = numberWords;
        json = value;
        place = at;
        slots.Clear();
        columnsAreNew = false;
        if (!Utf8.IsValid(value.Span))
        {
            throw new EventRowException(string.Empty, "it " + CellConversion.NotUtf8(default).Reason);
        }

        JsonEscapes.RefuseHalfPairs(value.Span, string.Empty);

        var reader = new Utf8JsonReader(value.Span, JsonDefaults.ReaderOptions);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            NameColumn(slots.Count, reader);
            reader.Read();
            int start = (int)reader.TokenStartIndex;
            reader.Skip();
            slots.Add((start, (int)reader.BytesConsumed - start));
        }

        if (columns.Count > slots.Count)
        {
            columns = columns[..slots.Count];
        }
    }

    public override Cell Get(EventField field) => Cell.Missing;

    public override Cell GetColumn(int index) => words.Count == 0
        ? Cell.OfJson(json.Span.Slice(slots[index].Start, slots[index].Length))
        : JsonCells.At(json.Span, slots[index].Start, slots[index].Length, words, columns[index]);

    public override Cell GetMember(int index, string path)
    {
        (int start, int length) = JsonMembers.Find(json.Span, slots[index].Start, path);
        return length > 0 ? JsonCells.At(json.Span, start, length, words, MemberPath.Join(columns[index], path))
            : json.Span[slots[index].Start] == '"' ? InText(GetColumn(index), path)
            : Cell.Missing;
    }

    internal override IReadOnlyList<(string Path, int Count, Func<string, bool> Has)> Lists() =>
        [.. JsonMembers.Lists(json.Span).Select(list => (list.Path, list.Count, (Func<string, bool>)(name => JsonMembers.Find(json.Span, list.First, name).Length > 0)))];

    internal override IReadOnlyList<string> PathsTo(string name) => JsonMembers.PathsTo(json.Span, name);

    // Rows of one table have the same columns: the list is made anew only where a row differs, and is a new object then.
    private void NameColumn(int index, in Utf8JsonReader reader)
    {
        if (index < columns.Count && reader.ValueTextEquals(columns[index]))
        {
            return;
        }

        try
        {
            string name = reader.GetString()!;
            columns = columnsAreNew ? columns : columns[..index];
            columnsAreNew = true;
            columns.Add(name);
        }
        catch (InvalidOperationException)
        {
            throw new EventRowException(string.Empty, "it has a name that holds half of a surrogate pair, which is no character");
        }
    }
}
