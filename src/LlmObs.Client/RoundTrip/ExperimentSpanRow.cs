namespace LlmObs.Client.RoundTrip;

/// <summary>A span that was read back, as a row. Its metrics are rows of their own.</summary>
/// <param name="span">The span.</param>
/// <param name="place">Where it stands in its source.</param>
/// <param name="unwrap">Takes the host's wrapping off free-form values.</param>
public sealed class ExperimentSpanRow(ExperimentSpan span, RowPlace place, Func<object?, object?> unwrap) : EventRow
{
    /// <inheritdoc/>
    public override RowPlace Place => place;

    /// <inheritdoc/>
    public override bool IsReadBack => true;

    /// <summary>Its metrics.</summary>
    public IReadOnlyList<ExperimentMetricRow> Metrics =>
        [.. span.EvalMetrics.Select((metric, index) => new ExperimentMetricRow(metric, place with { Metric = index + 1 }, unwrap))];

    /// <inheritdoc/>
    public override Cell Get(EventField field) => field switch
    {
        EventField.SpanId => Of(span.SpanId),
        EventField.TraceId => Of(span.TraceId),
        EventField.ExperimentId => Of(span.ExperimentId),
        EventField.ProjectId => Of(span.ProjectId),
        EventField.DatasetId => Of(span.DatasetId),
        EventField.Name => Of(span.Name),
        EventField.Start => Of(span.StartNs),
        EventField.Duration => Of(span.DurationNs),
        EventField.Status => Of(span.Status),
        EventField.Input => Of(span.Input),
        EventField.Output => Of(span.Output),
        EventField.ExpectedOutput => Of(span.ExpectedOutput),
        EventField.Metadata => Of(span.Metadata),
        EventField.ErrorMessage => Of(span.ErrorMessage),
        EventField.ErrorType => Of(span.ErrorType),
        EventField.ErrorStack => Of(span.ErrorStack),
        EventField.Tags => span.Tags.Count == 0 ? Cell.Missing : Of(span.Tags),
        EventField.ParentId => Of(span.ParentId),
        EventField.DatasetRecordId => Of(span.DatasetRecordId),
        EventField.Measures => Of(span.Measures),
        EventField.AdditionalProperties => Of(span.AdditionalProperties),
        _ => Cell.Missing,
    };

    private Cell Of(object? value) => value is null ? Cell.Missing : Cell.Of(unwrap(value), value);
}
