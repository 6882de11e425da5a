namespace LlmObs.Client.Rows;

/// <summary>A span that was built as such, as a row.</summary>
/// <param name="span">The span.</param>
/// <param name="place">Where it stands in its source.</param>
/// <param name="unwrap">Takes the host's wrapping off free-form values.</param>
public sealed class SpanRow(Span span, RowPlace place, Func<object?, object?> unwrap) : EventRow
{
    /// <inheritdoc/>
    public override RowPlace Place => place;

    /// <inheritdoc/>
    public override Cell Get(EventField field) => field switch
    {
        EventField.SpanId => Of(span.SpanId),
        EventField.TraceId => Of(span.TraceId),
        EventField.ProjectId => Of(span.ProjectId),
        EventField.DatasetId => Of(span.DatasetId),
        EventField.Name => Of(span.Name),
        EventField.Start => Of(span.StartNs),
        EventField.Duration => Of(span.DurationNs),
        EventField.Status => Of(span.Status),
        EventField.Input => Of(span.Input),
        EventField.Output => Of(span.Output),
        EventField.ExpectedOutput => Of(span.ExpectedOutput),
        EventField.ErrorMessage => Of(span.ErrorMessage),
        EventField.ErrorType => Of(span.ErrorType),
        EventField.ErrorStack => Of(span.ErrorStack),
        EventField.Tags => span.Tags.Count == 0 ? Cell.Missing : Of(span.Tags),
        _ => Cell.Missing,
    };

    private Cell Of(object? value) => value is null ? Cell.Missing : Cell.Of(unwrap(value), value);
}
