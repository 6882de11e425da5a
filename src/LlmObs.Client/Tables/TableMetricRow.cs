namespace LlmObs.Client.Tables;

/// <summary>One metric of a table's row.</summary>
internal sealed class TableMetricRow : EventRow
{
    private KeptCell? _kept;
    private EventRow? _row;
    private ListedMetric? _listed;
    private int _column;
    private string _label = string.Empty;
    private RowPlace _place;
    private string _type = string.Empty;
    private string _spanId = string.Empty;

    public override RowPlace Place => _place;

    /// <summary>Makes the cell of the present row current, as it is.</summary>
    public void Load(EventRow source, int at, string name, string metricType, string span) =>
        (_row, _kept, _listed, _column, _label, _place, _type, _spanId) = (source, null, null, at, name, source.Place, metricType, span);

    /// <summary>Makes a cell current that is another than the row's, or outlived it.</summary>
    public void Load(KeptCell cell, string name, ListedMetric? inList, RowPlace at, string metricType, string span) =>
        (_row, _kept, _listed, _column, _label, _place, _type, _spanId) = (null, cell, inList, -1, name, at, metricType, span);

    public override Cell Get(EventField field) => field switch
    {
        EventField.SpanId => Cell.Of(_spanId, _spanId),
        EventField.Label => Cell.Of(_label, _label),
        EventField.MetricType => Cell.Of(_type, _type),
        EventField.Value => _kept is null ? _row!.GetColumn(_column) : Cell.Of(_kept),
        EventField.Assessment => Json(_listed?.Assessment),
        EventField.Reasoning => Json(_listed?.Reasoning),
        _ => Cell.Missing,
    };

    public override EventRowException InOwnWords(EventRowException problem)
    {
        string value = FieldNames.ApiName(EventField.Value);
        return problem.IsOf(value) ? problem.OfColumn(_label, value.Length) : problem;
    }

    private static Cell Json(ReadOnlyMemory<byte>? json) => json is { IsEmpty: false } some ? Cell.OfJson(some.Span) : Cell.Missing;
}
