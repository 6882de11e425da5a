namespace LlmObs.Client.Tables;

/// <summary>One metric of a table's row.</summary>
internal sealed class TableMetricRow : EventRow
{
    private EventRow row = null!;
    private TableMetric metric = null!;
    private string type = string.Empty;
    private string spanId = string.Empty;

    public override RowPlace Place => row.Place;

    public void Load(EventRow source, TableMetric column, string metricType, string span) =>
        (row, metric, type, spanId) = (source, column, metricType, span);

    public override Cell Get(EventField field) => field switch
    {
        EventField.SpanId => Cell.Of(spanId, spanId),
        EventField.Label => Cell.Of(metric.Label, metric.Label),
        EventField.MetricType => Cell.Of(type, type),
        EventField.Value => row.GetColumn(metric.Column),
        _ => Cell.Missing,
    };
}
