using System.Runtime.InteropServices;
using System.Text.Json;

namespace LlmObs.Emulator.Fields;

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
/// <param name="InSpan">Whether it is in the span; else it is in the metric.</param>
/// <param name="Path">Where in there.</param>
internal readonly record struct PathPlace(bool InSpan, JsonPath Path)
{
    public static PathPlace Metric(string path) => new(false, new JsonPath(path));

    public static PathPlace Span(string path) => new(true, new JsonPath(path));
}

/// <summary>A value inside an experiment's metadata or config.</summary>
/// <param name="read">Gives the object; null where the experiment has none.</param>
/// <param name="path">Where in there.</param>
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
