using System.Text.Json;

namespace LlmObs.Client.RoundTrip;

/// <summary>
/// A row that was read back, as a plain one: a field that it gives more than once has one value here, and unknown
/// members of its <c>meta</c> are restored. A metric has the ids of its span.
/// </summary>
internal sealed class ResolvedRow(HostObjectJson freeForm) : EventRow
{
    private readonly CellWriter _cells = new(new JsonAppender(), freeForm);
    private readonly int[] _standIns = new int[Enum.GetValues<EventField>().Length]; // for a blank field the repeated one, from 1
    private readonly List<string> _left = [];
    private EventRow _row = null!;
    private EventRow? _span;
    private byte[]? _meta;

    public override RowPlace Place => _row.Place;

    public override IReadOnlyList<string> MetaMembers => _row.MetaMembers;

    public override IReadOnlyList<string> Columns => _row.Columns;

    /// <summary>Data of the row that no field of a request can hold.</summary>
    public IReadOnlyList<string> Left => _left;

    /// <summary>Makes a row the current one.</summary>
    /// <param name="read">The row.</param>
    /// <param name="of">The span that it is a metric of.</param>
    /// <exception cref="EventRowException">It gives a field twice and differently, or was saved as less than it is.</exception>
    public void Load(EventRow read, EventRow? of = null)
    {
        _row = read;
        _span = of;
        _meta = null;
        Array.Clear(_standIns);
        _left.Clear();
        bool isText = false;
        for (int index = 0; index < _row.Repeated.Count; index++)
        {
            isText |= _row.GetRepeated(index).Kind is CellKind.Utf8 or CellKind.Text;
            Settle(_row.Repeated[index], index);
        }

        if (isText)
        {
            StringifiedObjects.Refuse(_row);
        }

        TakeAdditional();
    }

    /// <summary>A cell as JSON of its own.</summary>
    public byte[] Json(in Cell cell, EventField field) => _cells.ToJson(cell, FieldNames.ApiName(field));

    /// <summary>True if there is nothing in a cell, be it an empty object or list.</summary>
    public static bool IsEmpty(in Cell cell) => cell.IsBlank || (cell.Kind == CellKind.Json && cell.Utf8 is [(byte)'{' or (byte)'[', .. var inside, _] && inside.Trim(" \t\r\n"u8).IsEmpty);

    public override Cell Get(EventField field)
    {
        if (_span is not null && field is EventField.SpanId or EventField.TraceId && OfSpan(field) is { IsBlank: false } id)
        {
            return id;
        }

        return field switch
        {
            EventField.Meta when _meta is not null => Cell.OfJson(_meta),
            _ when _standIns[(int)field] > 0 => _row.GetRepeated(_standIns[(int)field] - 1),
            _ => _row.Get(field),
        };
    }

    public override Cell GetColumn(int index) => _row.GetColumn(index);

    public override Cell GetMetaMember(int index) => _row.GetMetaMember(index);

    public override bool IsJsonColumn(EventField field) => _row.IsJsonColumn(field);

    // A metric need not name its trace; if it does, it must be its span's.
    private Cell OfSpan(EventField field) =>
        field == EventField.SpanId || !_row.Get(field).IsBlank ? _span!.Get(field) : Cell.Missing;

    private void Settle(DuplicateColumn repeated, int index)
    {
        if (_row.GetRepeated(index).IsBlank)
        {
            return;
        }

        int before = _standIns[(int)repeated.Field] - 1;
        if ((before < 0 ? _row.Get(repeated.Field) : _row.GetRepeated(before)).IsBlank)
        {
            _standIns[(int)repeated.Field] = index + 1;
        }
        else if (!new DuplicateValues(_row, _cells).Holds(repeated, before, index))
        {
            string name = before < 0 ? repeated.Name : _row.Repeated[before].Other;
            string value = Shown(before < 0 ? _row.Get(repeated.Field) : _row.GetRepeated(before));
            throw EventRowException.For(repeated.Field, $"is given twice, with different values: '{name}' is {value}, and '{repeated.Other}' is {Shown(_row.GetRepeated(index))}; leave one out");
        }
    }

    private static string Shown(in Cell cell) => cell.TryGetText(out string text) ? Cell.Of(text, text).ToString() : cell.ToString();

    private void TakeAdditional()
    {
        Cell additional = _row.Get(EventField.AdditionalProperties);
        if (IsEmpty(additional))
        {
            return;
        }

        if (additional.Kind is not (CellKind.Json or CellKind.Value))
        {
            _left.Add(nameof(EventField.AdditionalProperties));
            return;
        }

        using var document = JsonDocument.Parse(Json(additional, EventField.AdditionalProperties), new JsonDocumentOptions { MaxDepth = HostObjectJson.MaxDepth });
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            _left.Add(nameof(EventField.AdditionalProperties));
            return;
        }

        foreach (JsonProperty member in document.RootElement.EnumerateObject())
        {
            if (member.NameEquals("meta"u8) && member.Value.ValueKind == JsonValueKind.Object && _row.Get(EventField.Meta).IsBlank)
            {
                _meta = System.Text.Encoding.UTF8.GetBytes(member.Value.GetRawText());
            }
            else if (!FieldNames.TryFind(member.Name, out EventField known, out _) || known != EventField.ExperimentId)
            {
                _left.Add(member.Name);
            }
        }
    }
}

/// <summary>True if two values that a row gives of one field are the same.</summary>
internal readonly struct DuplicateValues(EventRow row, CellWriter cells)
{
    // What shows a time may be cut to the second, as text, or to what a TimeSpan counts in.
    private const long NanosecondsPerSecond = 1_000_000_000;
    /// <summary>Compares the values.</summary>
    /// <param name="repeated">The field.</param>
    /// <param name="before">The place of the first among the repeated ones; -1 for the field's own.</param>
    /// <param name="index">The place of the other.</param>
    /// <returns>True if both values are equal. A display-only copy that cannot be parsed counts as equal.</returns>
    public bool Holds(DuplicateColumn repeated, int before, int index)
    {
        EventField field = repeated.Field;
        if (field is not (EventField.Start or EventField.Duration or EventField.Timestamp))
        {
            string text = Text(before < 0 ? row.Get(field) : row.GetRepeated(before), field);
            return text == Text(row.GetRepeated(index), field);
        }

        if (Number(before < 0 ? row.Get(field) : row.GetRepeated(before), field) is not Int128 exact)
        {
            return true; // the one that counts is refused where it is read
        }

        Cell view = row.GetRepeated(index);
        bool isView = repeated.IsView && before < 0;
        return Number(view, field) is Int128 shown ? Int128.Abs(exact - shown) <= (isView ? Allowed(view) : 0) : isView;
    }

    private static long Allowed(in Cell view) => view.Kind switch
    {
        CellKind.Time or CellKind.Duration => TimeSpan.NanosecondsPerTick - 1,
        _ when view.TryGetText(out string text) && text.Contains(':') => NanosecondsPerSecond - 1,
        _ => 0,
    };

    /// <summary>A time or a duration in nanoseconds; null if it can't be read.</summary>
    private static Int128? Number(in Cell cell, EventField field)
    {
        try
        {
            return field switch
            {
                EventField.Start => FieldParser.StartNs(cell),
                EventField.Timestamp => FieldParser.TimestampMs(cell) * (Int128)1_000_000,
                _ => FieldParser.DurationNs(cell),
            };
        }
        catch (EventRowException)
        {
            return null;
        }
    }

    private string Text(in Cell cell, EventField field) =>
        cell.TryGetText(out string text) ? text : System.Text.Encoding.UTF8.GetString(cells.ToJson(cell, FieldNames.ApiName(field)));
}
