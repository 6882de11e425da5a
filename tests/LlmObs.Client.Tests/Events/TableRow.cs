namespace LlmObs.Client.Tests;

/// <summary>A row of .NET values under names, as a hashtable or an object of a host is one.</summary>
internal sealed class TableRow : EventRow
{
    private readonly Dictionary<EventField, object?> _values = [];

    public TableRow(params (string Name, object? Value)[] values)
    {
        foreach ((string name, object? value) in values)
        {
            Assert.True(FieldNames.TryFind(name, out EventField field, out _), name);
            _values[field] = value;
        }
    }

    public override RowPlace Place => new(null, 1);

    public override Cell Get(EventField field) => _values.TryGetValue(field, out object? value) ? Cell.Of(value, value) : Cell.Missing;

    /// <summary>A span that can be sent, with some values of its own.</summary>
    public static TableRow Span(params (string Name, object? Value)[] values) => new(
    [
        ("trace_id", "t"), ("span_id", "s"), ("project_id", "p"), ("dataset_id", "d"), ("name", "n"), ("start_ns", 1_700_000_000_000_000_000), ("duration", 5),
        .. values,
    ]);

    /// <summary>A metric that can be sent once it has a value.</summary>
    public static TableRow Metric(params (string Name, object? Value)[] values) =>
        new([("span_id", "s"), ("label", "l"), ("timestamp_ms", 1_700_000_000_000), .. values]);
}
