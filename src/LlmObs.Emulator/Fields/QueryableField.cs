using System.Runtime.InteropServices;
using System.Text.Json;

namespace LlmObs.Emulator.Fields;

/// <summary>A field that events can be searched by, grouped by and averaged over.</summary>
internal abstract class QueryableField
{
    /// <summary>Adds the event's values of this field: none if it is missing, several for a list.</summary>
    /// <param name="view">The event.</param>
    /// <param name="values">The list to add to.</param>
    public abstract void Collect(EventView view, List<FieldValue> values);
}

/// <summary>The kind of a field's value; also the order of kinds in an answer.</summary>
internal enum FieldKind : byte
{
    Boolean,
    Integer,
    Real,
    Text,
    None,
}

/// <summary>A field that is read from the JSON text of the metric or of the span: the first of its places that has it.</summary>
/// <param name="places">The places, in the order in which they are tried.</param>
internal sealed class PathField(params PathPlace[] places) : QueryableField
{
    public override void Collect(EventView view, List<FieldValue> values)
    {
        int before = values.Count;
        foreach (PathPlace place in places)
        {
            place.Path.Collect(place.InSpan ? view.SpanJson : view.MetricJson, values);
            if (values.Count > before)
            {
                return;
            }
        }
    }
}

/// <summary>A place that a field may be found at.</summary>
/// <param name="InSpan">True if it is in the span, false if it is in the metric.</param>
/// <param name="Path">The path in it.</param>
internal readonly record struct PathPlace(bool InSpan, JsonPath Path)
{
    public static PathPlace Metric(string path) => new(false, new JsonPath(path));

    public static PathPlace Span(string path) => new(true, new JsonPath(path));
}

/// <summary>A value inside an experiment's metadata or config.</summary>
/// <param name="read">Gets the object; null if the experiment has none.</param>
/// <param name="path">The path in it.</param>
internal sealed class ExperimentPathField(Func<StoredExperiment, JsonElement?> read, JsonPath path) : QueryableField
{
    public override void Collect(EventView view, List<FieldValue> values)
    {
        if (read(view.Experiment) is { } element)
        {
            path.Collect(JsonMarshal.GetRawUtf8Value(element), values);
        }
    }
}

/// <summary>The values of one tag key: <c>prod</c> for <c>env</c> of the tag <c>env:prod</c>.</summary>
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
