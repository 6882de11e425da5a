using LlmObs.Evaluation.Results;

namespace LlmObs.PowerShell.Running;

/// <summary>What an evaluator found, as the metric that is sent of it.</summary>
/// <param name="evaluation">What it found.</param>
/// <param name="row">The row that it judged; null for a summary.</param>
/// <param name="time">When it was measured.</param>
/// <param name="tags">All its tags, as a JSON list.</param>
/// <param name="number">The row's number, for errors.</param>
internal sealed class RunMetricRow(ResultEvaluation evaluation, ResultRow? row, DateTimeOffset time, byte[] tags, long number) : EventRow
{
    /// <inheritdoc/>
    public override RowPlace Place => new(null, number);

    /// <inheritdoc/>
    public override Cell Get(EventField field) => field switch
    {
        EventField.SpanId => Of(row?.SpanId),
        EventField.TraceId => Of(row?.TraceId),
        EventField.Label => Of(evaluation.Label),
        EventField.MetricType => Of(evaluation.MetricType ?? MetricType.Categorical),
        EventField.Value => Of(evaluation.Value),
        EventField.Timestamp => Cell.OfTime(time),
        EventField.Assessment => Of(evaluation.Assessment),
        EventField.Reasoning => Of(evaluation.Reasoning),
        EventField.ErrorMessage => Of(evaluation.Error?.Message),
        EventField.ErrorType => Of(evaluation.Error?.Type),
        EventField.ErrorStack => Of(evaluation.Error?.Stack),
        EventField.Metadata => Of(evaluation.Metadata),
        EventField.MetricSource => Of(row is null ? "summary" : "custom"),
        EventField.Tags => Cell.OfJson(tags),
        _ => Cell.Missing,
    };

    private static Cell Of(string? text) => text is null ? Cell.Missing : Cell.Of(text, text);

    private static Cell Of(RawJson json) => json.IsMissing ? Cell.Missing : Cell.OfJson(json.Utf8.Span);
}
