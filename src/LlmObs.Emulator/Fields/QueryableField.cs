namespace LlmObs.Emulator.Fields;

/// <summary>A field that events can be searched by, grouped by and averaged over.</summary>
internal abstract class QueryableField
{
    /// <summary>Adds the event's values of this field: none where it is missing, several for a list.</summary>
    /// <param name="view">The event.</param>
    /// <param name="values">The list to add to.</param>
    public abstract void Collect(EventView view, List<FieldValue> values);
}

/// <summary>What a field's value is; also the order of kinds in an answer.</summary>
internal enum FieldKind : byte
{
    Boolean,
    Integer,
    Real,
    Text,
    None,
}
