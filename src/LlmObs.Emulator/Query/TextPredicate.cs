namespace LlmObs.Emulator.Query;

/// <summary>
/// Full text: looks for a term in the label, the categorical value, the reasoning, the tags, the span's name, and every
/// text within its input, output and expected output.
/// </summary>
/// <param name="test">The term.</param>
internal sealed class TextPredicate(TextTest test) : EventPredicate
{
    private static readonly JsonPath Reasoning = new("reasoning");
    private static readonly TagsField Tags = new();
    private static readonly JsonPath[] SpanTexts = [new("meta.input"), new("meta.output"), new("meta.expected_output")];

    private readonly List<FieldValue> _values = [];

    public override bool Matches(EventView view)
    {
        if (test.Matches(view.Label) || test.Matches(view.Category))
        {
            return true;
        }

        if (view.TryGetSpan(out StoredSpan span) && test.Matches(view.SpanName(in span)))
        {
            return true;
        }

        _values.Clear();
        Reasoning.Collect(view.MetricJson, _values);
        Tags.Collect(view, _values);
        foreach (JsonPath path in SpanTexts)
        {
            path.CollectTexts(view.SpanJson, _values);
        }

        return _values.Exists(value => value.Kind == FieldKind.Text && test.Matches(value.Text));
    }
}
