using System.Globalization;

namespace LlmObs;

/// <summary>The format of a comparison's figures in tables: rates as percent, and never with more digits than they deserve.</summary>
public static class ComparisonFormat
{
    /// <summary>A mean or rate, for example <c>0.81</c> or <c>72%</c>.</summary>
    /// <param name="comparison">The metric that it belongs to.</param>
    /// <param name="value">The figure.</param>
    /// <returns>Text; empty for no figure.</returns>
    public static string Value(MetricComparison comparison, double? value)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        return Text(comparison.MetricType, value, [comparison.Baseline, comparison.Candidate]);
    }

    /// <summary>A single figure, for example <c>0.81</c> or <c>72%</c>.</summary>
    /// <param name="metricType">The kind of metric: rates of booleans are percent.</param>
    /// <param name="value">The figure.</param>
    /// <returns>Text; empty for no figure.</returns>
    public static string Figure(string? metricType, double? value) => Text(metricType, value, []);

    /// <summary>A difference with its sign, for example <c>+0.04</c> or <c>-2%</c>.</summary>
    /// <param name="comparison">The metric that it belongs to.</param>
    /// <param name="value">The difference.</param>
    /// <returns>Text; empty for no difference.</returns>
    public static string Signed(MetricComparison comparison, double? value)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        string text = Text(comparison.MetricType, value, [comparison.Delta, comparison.DeltaLow, comparison.DeltaHigh]);
        return !text.AsSpan().ContainsAnyInRange('1', '9') || text[0] == '-' ? text : "+" + text;
    }

    /// <summary>The interval of the difference, for example <c>+0.01 to +0.07</c>.</summary>
    /// <param name="comparison">The metric.</param>
    /// <returns>Text; empty if there is none.</returns>
    public static string Interval(MetricComparison comparison)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        return comparison.DeltaLow is null ? string.Empty : $"{Signed(comparison, comparison.DeltaLow)} to {Signed(comparison, comparison.DeltaHigh)}";
    }

    /// <summary>A p-value, for example <c>0.012</c> or <c>&lt;0.001</c>.</summary>
    /// <param name="value">A probability.</param>
    /// <returns>Text; empty for no value.</returns>
    public static string Probability(double? value) => value switch
    {
        null => string.Empty,
        < 0.001 => "<0.001",
        < 0.1 => Text(value.Value, "0.000"),
        _ => Text(value.Value, "0.00"),
    };

    /// <summary>The result, in a sentence that needs no knowledge of statistics.</summary>
    /// <param name="comparison">The metric.</param>
    /// <returns>The sentence.</returns>
    public static string Sentence(MetricComparison comparison)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        string change = $"{Value(comparison, comparison.Baseline)} to {Value(comparison, comparison.Candidate)}";
        return comparison.Verdict switch
        {
            ComparisonVerdict.Improved => $"{comparison.Label} is better: {change}, and chance alone would hardly show that (p {Compared(comparison.AdjustedPValue)}).",
            ComparisonVerdict.Degraded => $"{comparison.Label} is worse: {change}, and chance alone would hardly show that (p {Compared(comparison.AdjustedPValue)}).",
            ComparisonVerdict.Unchanged => $"{comparison.Label} is the same for each of {comparison.PairCount} records.",
            ComparisonVerdict.TooFewPairs when comparison.OnlyIn is string side => $"{comparison.Label} is only in the {side}: there is nothing to compare it with.",
            ComparisonVerdict.TooFewPairs => $"{comparison.Label} has {comparison.PairCount} records with a value in both runs, too few for a verdict.",
            _ when comparison.MetricType == MetricType.Categorical =>
                $"{comparison.Label} changed its category for {comparison.ChangedCount} of {comparison.PairCount} records; categories have no better or worse.",
            _ => $"{comparison.Label} may be the same: {change} can be chance (p {Compared(comparison.AdjustedPValue)})"
                + (comparison.DetectableDelta is double delta ? $"; this many records show differences from {Signed(comparison, delta).TrimStart('+')} on." : "."),
        };
    }

    private static string Compared(double? probability) =>
        Probability(probability) is ['<', .. string limit] ? $"< {limit}" : $"= {Probability(probability)}";

    // Enough digits for the largest figure to show one of its own, and about three in all: a column of a table has no room for more.
    private static string Text(string? metricType, double? value, ReadOnlySpan<double?> beside)
    {
        if (value is not double number)
        {
            return string.Empty;
        }

        bool isRate = metricType == MetricType.Boolean;
        int scale = isRate ? 100 : 1;
        double largest = Math.Abs(number);
        foreach (double? other in beside)
        {
            largest = Math.Max(largest, Math.Abs(other ?? 0));
        }

        largest *= scale;
        string format = (largest, isRate) switch
        {
            (0, false) => "0.00",
            ( < 0.001, false) => number == 0 ? "0" : "0.#e0",
            ( < 1 and > 0, _) => "0." + new string('0', Math.Clamp((int)Math.Ceiling(-Math.Log10(largest)), isRate ? 0 : 2, 8)),
            ( < 100, false) => "0.00",
            ( < 1000, false) => "0.0",
            _ => "0",
        };
        return Text(number * scale, format) + (isRate ? "%" : string.Empty);
    }

    // A zero has no sign, also that of a number which is rounded to it.
    private static string Text(double number, string format)
    {
        string text = number.ToString(format, CultureInfo.InvariantCulture);
        return text.AsSpan().ContainsAnyInRange('1', '9') ? text : text.TrimStart('-');
    }
}
