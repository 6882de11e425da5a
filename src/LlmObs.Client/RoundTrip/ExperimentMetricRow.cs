namespace LlmObs.Client.RoundTrip;

/// <summary>A metric that was read back, as a row.</summary>
/// <param name="metric">The metric.</param>
/// <param name="place">Where it stands in its source.</param>
/// <param name="unwrap">Takes the host's wrapping off free-form values.</param>
public sealed class ExperimentMetricRow(ExperimentMetric metric, RowPlace place, Func<object?, object?> unwrap) : EventRow
{
    /// <inheritdoc/>
    public override RowPlace Place => place;

    /// <inheritdoc/>
    public override bool IsReadBack => true;

    /// <inheritdoc/>
    public override Cell Get(EventField field) => field switch
    {
        EventField.SpanId => Of(metric.SpanId),
        EventField.TraceId => Of(metric.TraceId),
        EventField.Label => Of(metric.Label),
        EventField.MetricType => Of(metric.MetricType),
        EventField.Timestamp => Of(metric.TimestampMs),
        EventField.ScoreValue => Of(MetricType.Score, metric.ScoreValue),
        EventField.CategoricalValue => Of(MetricType.Categorical, metric.CategoricalValue),
        EventField.BooleanValue => Of(MetricType.Boolean, metric.BooleanValue),
        EventField.JsonValue => Of(MetricType.Json, metric.JsonValue),
        EventField.Assessment => Of(metric.Assessment),
        EventField.Reasoning => Of(metric.Reasoning),
        EventField.ErrorMessage => Of(metric.ErrorMessage),
        EventField.Metadata => Of(metric.Metadata),
        EventField.Tags => metric.Tags.Count == 0 ? Cell.Missing : Of(metric.Tags),
        EventField.MetricSource => Of(metric.MetricSource ?? (metric.SpanId is "" ? "summary" : null)),
        EventField.AdditionalProperties => Of(metric.AdditionalProperties),
        _ => Cell.Missing,
    };

    // The value that the type speaks of, should the service have sent others beside it.
    private Cell Of(string type, object? value) =>
        metric.MetricType is string said && said != type && MetricType.All.Contains(said) ? Cell.Missing : Of(value);

    private Cell Of(object? value) => value is null ? Cell.Missing : Cell.Of(unwrap(value), value);
}
