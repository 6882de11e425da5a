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

/// <summary>Texts are equal by case and letter, numbers by their size.</summary>
/// <param name="text">The text to be equal to.</param>
internal sealed class EqualTest(string text) : ValueTest
{
    private readonly FieldValue? _number = FieldValue.TryNumber(text);

    public override bool Matches(in FieldValue value) =>
        value.IsNumber && _number is { } number
            ? FieldValue.CompareNumbers(in value, in number) == 0
            : string.Equals(value.Text, text, StringComparison.Ordinal);
}

/// <summary>Whether a value as a whole matches a pattern, by case.</summary>
/// <param name="pattern">The pattern.</param>
internal sealed class PatternTest(Glob pattern) : ValueTest
{
    public override bool Matches(in FieldValue value) => pattern.Matches(value.Text, ignoreCase: false);
}
