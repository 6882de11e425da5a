namespace LlmObs.Emulator.Query;

/// <summary>Whether a value as a whole matches a pattern, by case.</summary>
/// <param name="pattern">The pattern.</param>
internal sealed class PatternTest(Glob pattern) : ValueTest
{
    public override bool Matches(in FieldValue value) => pattern.Matches(value.Text, ignoreCase: false);
}
