using System.Runtime.InteropServices;
using System.Text.Json;

namespace LlmObs.Emulator.Fields;

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
