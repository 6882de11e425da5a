using System.Globalization;

namespace LlmObs.PowerShell.Gates;

/// <summary>A condition that was held against one value of the table.</summary>
/// <param name="Row">What tells the row from the others.</param>
/// <param name="Metric">The metric.</param>
/// <param name="Value">The value; null where there is no number.</param>
/// <param name="Condition">What it must be.</param>
internal sealed record Check(string Row, string Metric, double? Value, Condition Condition)
{
    public bool Holds => Value is double number && Condition.Holds(number);

    /// <summary>The value to its last digit: a rounded one could look as if it held.</summary>
    public string ValueText => Value?.ToString("R", CultureInfo.InvariantCulture) ?? "no number";

    public override string ToString() => $"{Metric} of {Row} is {ValueText}, and must be {Condition.Text}";
}
