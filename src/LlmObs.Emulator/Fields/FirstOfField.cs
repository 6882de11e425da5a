namespace LlmObs.Emulator.Fields;

/// <summary>A field that stands in for another: the first that has a value.</summary>
/// <param name="fields">The fields, in the order in which they are tried.</param>
internal sealed class FirstOfField(params QueryableField[] fields) : QueryableField
{
    public override void Collect(EventView view, List<FieldValue> values)
    {
        int before = values.Count;
        foreach (QueryableField field in fields)
        {
            field.Collect(view, values);
            if (values.Count > before)
            {
                return;
            }
        }
    }
}
