namespace LlmObs.Client.Rows;

/// <summary>A metric that was built as such, as a row.</summary>
/// <param name="metric">The metric.</param>
/// <param name="place">Where it stands in its source.</param>
/// <param name="unwrap">Takes the host's wrapping off free-form values.</param>
public sealed class MetricRow(Metric metric, RowPlace place, Func<object?, object?> unwrap) : EventRow
{
    /// <inheritdoc/>
    public override RowPlace Place => place;

    /// <inheritdoc/>
    public override Cell Get(EventField field) => field switch
    {
        EventField.SpanId => Of(metric.SpanId),
        EventField.Label => Of(metric.Label),
        EventField.MetricType => Of(metric.MetricType),
        EventField.Timestamp => Of(metric.TimestampMs),
        EventField.ScoreValue => Of(metric.ScoreValue),
        EventField.CategoricalValue => Of(metric.CategoricalValue),
        EventField.BooleanValue => Of(metric.BooleanValue),
        EventField.JsonValue => Of(metric.JsonValue),
        EventField.Assessment => Of(metric.Assessment),
        EventField.Reasoning => Of(metric.Reasoning),
        EventField.ErrorMessage => Of(metric.ErrorMessage),
        EventField.Metadata => Of(metric.Metadata),
        EventField.Tags => metric.Tags.Count == 0 ? Cell.Missing : Of(metric.Tags),
        _ => Cell.Missing,
    };

    private Cell Of(object? value) => value is null ? Cell.Missing : Cell.Of(unwrap(value), value);
}
