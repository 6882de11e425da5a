namespace LlmObs.Client.Tables;

/// <summary>One metric of a table's row.</summary>
internal sealed class TableMetricRow : EventRow
{
    private KeptCell? kept;
    private EventRow? row;
    private ListedMetric? listed;
    private int column;
    private string label = string.Empty;
    private RowPlace place;
    private string type = string.Empty;
    private string spanId = string.Empty;

    public override RowPlace Place => place;

    /// <summary>Makes the cell of the present row current, as it is.</summary>
    public void Load(EventRow source, int at, string name, string metricType, string span) =>
        (row, kept, listed, column, label, place, type, spanId) = (source, null, null, at, name, source.Place, metricType, span);

    /// <summary>Makes a cell current that is another than the row's, or outlived it.</summary>
    public void Load(KeptCell cell, string name, ListedMetric? inList, RowPlace at, string metricType, string span) =>
        (row, kept, listed, column, label, place, type, spanId) = (null, cell, inList, -1, name, at, metricType, span);

    public override Cell Get(EventField field) => field switch
    {
        EventField.SpanId => Cell.Of(spanId, spanId),
        EventField.Label => Cell.Of(label, label),
        EventField.MetricType => Cell.Of(type, type),
        EventField.Value => kept is null ? row!.GetColumn(column) : Cell.Of(kept),
        EventField.Assessment => Json(listed?.Assessment),
        EventField.Reasoning => Json(listed?.Reasoning),
        _ => Cell.Missing,
    };

    public override EventRowException InOwnWords(EventRowException problem)
    {
        string value = EventFieldNames.ApiName(EventField.Value);
        return problem.IsOf(value) ? problem.OfColumn(label, value.Length) : problem;
    }

    private static Cell Json(ReadOnlyMemory<byte>? json) => json is { IsEmpty: false } some ? Cell.OfJson(some.Span) : Cell.Missing;
}
