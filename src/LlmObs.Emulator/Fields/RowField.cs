namespace LlmObs.Emulator.Fields;

/// <summary>A field that is taken from the stored row or the experiment, without reading JSON.</summary>
/// <param name="read">Gives the value; <see cref="FieldValue.None"/> where it is missing.</param>
internal sealed class RowField(Func<EventView, FieldValue> read) : EventField
{
    public override void Collect(EventView view, List<FieldValue> values)
    {
        FieldValue value = read(view);
        if (value.Kind != FieldKind.None)
        {
            values.Add(value);
        }
    }
}
