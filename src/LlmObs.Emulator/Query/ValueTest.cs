namespace LlmObs.Emulator.Query;

/// <summary>What one value of a field has to be.</summary>
internal abstract class ValueTest
{
    public abstract bool Matches(in FieldValue value);

    /// <summary>Whether there is a value at all.</summary>
    internal sealed class Any : ValueTest
    {
        public override bool Matches(in FieldValue value) => true;
    }
}
