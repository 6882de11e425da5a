using System.Globalization;
using System.Text.RegularExpressions;

namespace LlmObs.PowerShell.Gates;

/// <summary>A condition for a value: <c>&gt;= 0.8</c>, <c>&lt; 3000</c>, <c>= 1</c> or a range, <c>0.2..0.8</c>, which includes its ends.</summary>
internal sealed partial record Condition
{
    private const string Number = @"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?";

    private readonly Func<double, bool> _test;

    private Condition(string text, Func<double, bool> test)
    {
        Text = text;
        _test = test;
    }

    /// <summary>The condition in its usual form.</summary>
    public string Text { get; }

    /// <summary>True if a value is as it must be. What is no finite number never is: an average of infinity is no good score.</summary>
    public bool Holds(double value) => double.IsFinite(value) && _test(value);

    public static Condition? TryParse(string text)
    {
        if (Range().Match(text) is { Success: true } range)
        {
            double from = Parse(range.Groups[1].Value);
            double to = Parse(range.Groups[2].Value);
            return from > to ? null : new($"{range.Groups[1].Value}..{range.Groups[2].Value}", value => value >= from && value <= to);
        }

        if (Comparison().Match(text) is not { Success: true } comparison)
        {
            return null;
        }

        string written = comparison.Groups[2].Value;
        double limit = Parse(written);
        return comparison.Groups[1].Value.ToLowerInvariant() switch
        {
            ">=" or "≥" or "-ge" => new($">= {written}", value => value >= limit),
            "<=" or "≤" or "-le" => new($"<= {written}", value => value <= limit),
            ">" or "-gt" => new($"> {written}", value => value > limit),
            "<" or "-lt" => new($"< {written}", value => value < limit),
            _ => new($"= {written}", value => value.Equals(limit)),
        };
    }

    private static double Parse(string number) => double.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\A\s*(>=|<=|==|>|<|=|≥|≤|-ge|-le|-gt|-lt|-eq)\s*(" + Number + @")\s*\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Comparison();

    [GeneratedRegex(@"\A\s*([+-]?[0-9]+(?:\.[0-9]+)?)\s*\.\.\s*(" + Number + @")\s*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Range();
}
