namespace LlmObs.Emulator.Fields;

/// <summary>The values of one tag key: <c>prod</c> for <c>env</c> of the tag <c>env:prod</c>.</summary>
/// <param name="key">The key.</param>
internal sealed class TagField(string key) : QueryableField
{
    private static readonly TagsField All = new();

    public override void Collect(EventView view, List<FieldValue> values)
    {
        int before = values.Count;
        All.Collect(view, values);
        int kept = before;
        for (int index = before; index < values.Count; index++)
        {
            string tag = values[index].Text;
            if (tag.Length > key.Length && tag[key.Length] == ':' && tag.StartsWith(key, StringComparison.Ordinal))
            {
                values[kept++] = FieldValue.Of(tag[(key.Length + 1)..]);
            }
        }

        values.RemoveRange(kept, values.Count - kept);
    }
}

/// <summary>All tags of the metric and of its span, those of their requests included.</summary>
internal sealed class TagsField : QueryableField
{
    private static readonly JsonPath Path = new("tags");

    public override void Collect(EventView view, List<FieldValue> values)
    {
        Path.Collect(view.MetricJson, values);
        Path.Collect(view.SpanJson, values);
        foreach (string tag in view.RequestTags)
        {
            values.Add(FieldValue.Of(tag));
        }
    }
}
