using System.Text.Json;

namespace LlmObs.Client.RoundTrip;

/// <summary>
/// A row that was read back, as a plain one: a field that it gives more than once has one value here, and what the module
/// had not known of its <c>meta</c> stands there again. A metric has the ids of the span that it is part of.
/// </summary>
internal sealed class SettledRow(FreeFormJson freeForm) : EventRow
{
    private readonly CellWriter cells = new(new JsonOutput(), freeForm);
    private readonly int[] standIns = new int[Enum.GetValues<EventField>().Length]; // for a blank field the repeated one, from 1
    private readonly List<string> left = [];
    private EventRow row = null!;
    private EventRow? span;
    private byte[]? meta;

    public override RowPlace Place => row.Place;

    public override IReadOnlyList<string> MetaMembers => row.MetaMembers;

    public override IReadOnlyList<string> Columns => row.Columns;

    /// <summary>What the row has beside its fields, and has no place in a request.</summary>
    public IReadOnlyList<string> Left => left;

    /// <summary>Makes a row the current one.</summary>
    /// <param name="read">The row.</param>
    /// <param name="of">The span that it is a metric of.</param>
    /// <exception cref="EventRowException">It gives a field twice and differently, or was saved as less than it is.</exception>
    public void Load(EventRow read, EventRow? of = null)
    {
        row = read;
        span = of;
        meta = null;
        Array.Clear(standIns);
        left.Clear();
        bool isText = false;
        for (int index = 0; index < row.Repeated.Count; index++)
        {
            isText |= row.GetRepeated(index).Kind is CellKind.Utf8 or CellKind.Text;
            Settle(row.Repeated[index], index);
        }

        if (isText)
        {
            FlattenedValues.Refuse(row);
        }

        TakeAdditional();
    }

    /// <summary>A cell as JSON of its own.</summary>
    public byte[] Json(in Cell cell, EventField field) => cells.ToJson(cell, EventFieldNames.ApiName(field));

    /// <summary>Whether there is nothing in a cell, be it an empty object or list.</summary>
    public static bool IsEmpty(in Cell cell) => cell.IsBlank || (cell.Kind == CellKind.Json && cell.Utf8 is [(byte)'{' or (byte)'[', .. var inside, _] && inside.Trim(" \t\r\n"u8).IsEmpty);

    public override Cell Get(EventField field)
    {
        if (span is not null && field is EventField.SpanId or EventField.TraceId && OfSpan(field) is { IsBlank: false } id)
        {
            return id;
        }

        return field switch
        {
            EventField.Meta when meta is not null => Cell.OfJson(meta),
            _ when standIns[(int)field] > 0 => row.GetRepeated(standIns[(int)field] - 1),
            _ => row.Get(field),
        };
    }

    public override Cell GetColumn(int index) => row.GetColumn(index);

    public override Cell GetMetaMember(int index) => row.GetMetaMember(index);

    public override bool IsJsonColumn(EventField field) => row.IsJsonColumn(field);

    // A metric need not say its trace; where it does, it is that of its span.
    private Cell OfSpan(EventField field) =>
        field == EventField.SpanId || !row.Get(field).IsBlank ? span!.Get(field) : Cell.Missing;

    private void Settle(RepeatedField repeated, int index)
    {
        if (row.GetRepeated(index).IsBlank)
        {
            return;
        }

        int before = standIns[(int)repeated.Field] - 1;
        if ((before < 0 ? row.Get(repeated.Field) : row.GetRepeated(before)).IsBlank)
        {
            standIns[(int)repeated.Field] = index + 1;
        }
        else if (!new FieldAgreement(row, cells).Holds(repeated, before, index))
        {
            string name = before < 0 ? repeated.Name : row.Repeated[before].Other;
            string value = Shown(before < 0 ? row.Get(repeated.Field) : row.GetRepeated(before));
            throw EventRowException.For(repeated.Field, $"is given twice, and differently: '{name}' is {value}, and '{repeated.Other}' is {Shown(row.GetRepeated(index))}; leave one out");
        }
    }

    private static string Shown(in Cell cell) => cell.TryGetText(out string text) ? Cell.Of(text, text).ToString() : cell.ToString();

    private void TakeAdditional()
    {
        Cell additional = row.Get(EventField.AdditionalProperties);
        if (IsEmpty(additional))
        {
            return;
        }

        if (additional.Kind is not (CellKind.Json or CellKind.Value))
        {
            left.Add(nameof(EventField.AdditionalProperties));
            return;
        }

        using var document = JsonDocument.Parse(Json(additional, EventField.AdditionalProperties), new JsonDocumentOptions { MaxDepth = FreeFormJson.MaxDepth });
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            left.Add(nameof(EventField.AdditionalProperties));
            return;
        }

        foreach (JsonProperty member in document.RootElement.EnumerateObject())
        {
            if (member.NameEquals("meta"u8) && member.Value.ValueKind == JsonValueKind.Object && row.Get(EventField.Meta).IsBlank)
            {
                meta = System.Text.Encoding.UTF8.GetBytes(member.Value.GetRawText());
            }
            else if (!EventFieldNames.TryFind(member.Name, out EventField known, out _) || known != EventField.ExperimentId)
            {
                left.Add(member.Name);
            }
        }
    }
}
