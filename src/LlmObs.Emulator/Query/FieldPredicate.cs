namespace LlmObs.Emulator.Query;

/// <summary>Whether any value of a field passes a test.</summary>
/// <param name="field">The field.</param>
/// <param name="test">The test.</param>
internal sealed class FieldPredicate(QueryableField field, ValueTest test) : EventPredicate
{
    private readonly List<FieldValue> _values = [];

    public override bool Matches(EventView view)
    {
        _values.Clear();
        field.Collect(view, _values);
        foreach (FieldValue value in _values)
        {
            if (test.Matches(in value))
            {
                return true;
            }
        }

        return false;
    }
}
