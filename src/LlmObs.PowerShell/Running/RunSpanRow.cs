using LlmObs.Evaluation.Results;

namespace LlmObs.PowerShell.Running;

/// <summary>A finished row as the span that is sent of it.</summary>
/// <param name="row">The row.</param>
/// <param name="name">The name of the span.</param>
/// <param name="tags">All its tags, as a JSON list.</param>
/// <param name="metadata">What is sent as <c>meta.metadata</c>.</param>
/// <param name="number">The row's number, for errors.</param>
internal sealed class RunSpanRow(ResultRow row, string name, byte[] tags, RawJson metadata, long number) : EventRow
{
    private static readonly string[] CopyMembers = [RunTags.ParentSpan];

    /// <inheritdoc/>
    public override RowPlace Place => new(null, number);

    /// <inheritdoc/>
    public override IReadOnlyList<string> MetaMembers => row.ParentSpanId is null ? [] : CopyMembers;

    /// <inheritdoc/>
    public override Cell GetMetaMember(int member) => Of(row.ParentSpanId);

    /// <inheritdoc/>
    public override Cell Get(EventField field) => field switch
    {
        EventField.SpanId => Of(row.SpanId),
        EventField.TraceId => Of(row.TraceId),
        EventField.Name => Of(name),
        EventField.Start => Cell.Of(row.StartNs, null),
        EventField.Duration => Cell.Of(row.DurationNs, null),
        EventField.Status => Of(row.Status),
        EventField.Input => Of(row.Input),
        EventField.Output => Of(row.Output),
        EventField.ExpectedOutput => Of(row.ExpectedOutput),
        EventField.Metadata => Of(metadata),
        EventField.ErrorMessage => Of(row.Error?.Message),
        EventField.ErrorType => Of(row.Error?.Type),
        EventField.ErrorStack => Of(row.Error?.Stack),
        EventField.Tags => Cell.OfJson(tags),
        _ => Cell.Missing,
    };

    private static Cell Of(string? text) => text is null ? Cell.Missing : Cell.Of(text, text);

    private static Cell Of(RawJson json) => json.IsMissing ? Cell.Missing : Cell.OfJson(json.Utf8.Span);
}
