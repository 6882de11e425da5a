namespace LlmObs.Emulator.Query;

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
