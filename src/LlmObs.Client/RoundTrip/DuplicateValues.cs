namespace LlmObs.Client.RoundTrip;

/// <summary>Whether two values that a row gives of one field are the same.</summary>
internal readonly struct DuplicateValues(EventRow row, CellWriter cells)
{
    // What shows a time may be cut to the second, as text, or to what a TimeSpan counts in.
    private const long NanosecondsPerSecond = 1_000_000_000;
    /// <summary>Compares the values.</summary>
    /// <param name="repeated">The field.</param>
    /// <param name="before">The place of the first among the repeated ones; -1 for the field's own.</param>
    /// <param name="index">The place of the other.</param>
    /// <returns>Whether they agree; a mere view that nobody can read does.</returns>
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

    /// <summary>A time or a duration in nanoseconds; null where it can't be read.</summary>
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
