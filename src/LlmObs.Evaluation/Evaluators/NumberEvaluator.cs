using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using LlmObs.Evaluation.Results;

namespace LlmObs.Evaluation.Evaluators;

/// <summary>Compares the number in the output with the expected one; the score is their distance.</summary>
public sealed partial class NumberEvaluator : IncludedEvaluator
{
    /// <summary>The largest distance that passes.</summary>
    public double Tolerance { get; init; }

    /// <inheritdoc/>
    public override string DefaultName => "number";

    /// <inheritdoc/>
    public override ValueTask<Finding> EvaluateAsync(JudgedRow row, Func<string, RawJson>? script, CancellationToken cancellation)
    {
        double expected = NumberOf(row.ExpectedOutput) ?? throw new EvaluatorException("The record's expected output holds no number.");
        if (NumberOf(row.Output) is not double number)
        {
            return ValueTask.FromResult(new Finding(MetricType.Categorical, RawJson.OfText("no number"), false, "The output holds no number."));
        }

        double apart = Math.Abs(number - expected);
        return ValueTask.FromResult(Finding.Of(apart, apart <= Tolerance, FormattableString.Invariant($"{number} differs from {expected} by {apart}; {Tolerance} is allowed.")));
    }

    // In text the last number counts, because answers usually end with it.
    private static double? NumberOf(RawJson value)
    {
        JsonElement element = value.Read();
        if (element.ValueKind == JsonValueKind.Number)
        {
            return element.GetDouble();
        }

        return element.ValueKind == JsonValueKind.String && Numbers().Matches(element.GetString()!) is { Count: > 0 } found
            && double.TryParse(found[^1].Value.Replace(",", string.Empty, StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            ? number
            : null;
    }

    [GeneratedRegex(@"[-+]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?([eE][-+]?\d+)?", RegexOptions.CultureInvariant)]
    private static partial Regex Numbers();
}
