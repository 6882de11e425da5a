namespace LlmObs.Emulator.Fields;

/// <summary>All tags of the metric and of its span.</summary>
internal sealed class TagsField : EventField
{
    private static readonly JsonPath Path = new("tags");

    public override void Collect(EventView view, List<FieldValue> values)
    {
        Path.Collect(view.MetricJson, values);
        Path.Collect(view.SpanJson, values);
    }
}
