using Xunit;

namespace LlmObs.Evaluation.Tests.Comparison;

public class ComparisonFormatTests
{
    [Theory]
    [InlineData(0.00001, "(p < 0.001)")]
    [InlineData(0.0123, "(p = 0.012)")]
    public void A_sentence_names_its_p_value(double value, string expected)
    {
        var comparison = new MetricComparison { Label = "polite", MetricType = MetricType.Boolean, Baseline = 0.5, Candidate = 0.9, AdjustedPValue = value, Verdict = ComparisonVerdict.Improved };
        Assert.Contains(expected, ComparisonFormat.Sentence(comparison), StringComparison.Ordinal);
    }

    // A table's column of seven and sixteen characters holds each of them: nothing is cut where the sign or the first digit stands.
    [Theory]
    [InlineData(MetricType.Score, -0.0000092, -0.0000311, 0.00001, "-9.2e-6", "-3.1e-5 to +1e-5")]
    [InlineData(MetricType.Score, 0, -0.0000311, 0.0000311, "0", "-3.1e-5 to +3.1e-5")]
    [InlineData(MetricType.Score, 0.0042, -0.001, 0.0094, "+0.004", "-0.001 to +0.009")]
    [InlineData(MetricType.Score, 0.04, 0.01, 0.07, "+0.04", "+0.01 to +0.07")]
    [InlineData(MetricType.Score, -12.345, -45.6, 20.5, "-12.35", "-45.60 to +20.50")]
    [InlineData(MetricType.Score, -123.45, -456.7, 210.5, "-123.5", "-456.7 to +210.5")]
    [InlineData(MetricType.Score, 12345.6, 2345.6, 22345.6, "+12346", "+2346 to +22346")]
    [InlineData(MetricType.Score, 0, 0, 0, "0.00", "0.00 to 0.00")]
    [InlineData(MetricType.Boolean, -0.02, -0.051, 0.011, "-2%", "-5% to +1%")]
    [InlineData(MetricType.Boolean, 0.0004, -0.0002, 0.001, "0.0%", "0.0% to +0.1%")]
    public void A_difference_keeps_its_sign_and_its_first_digits_in_little_room(string type, double delta, double low, double high, string signed, string interval)
    {
        var comparison = new MetricComparison { Label = "speed", MetricType = type, Delta = delta, DeltaLow = low, DeltaHigh = high };
        Assert.Equal((signed, interval), (ComparisonFormat.Signed(comparison, delta), ComparisonFormat.Interval(comparison)));
    }

    // The rate of errors is negated before it is averaged, since less of it is better.
    [Theory]
    [InlineData(MetricType.Boolean, -0.0, "0%")]
    [InlineData(MetricType.Score, -0.0, "0.00")]
    [InlineData(MetricType.Boolean, -0.02, "-2%")]
    public void A_zero_has_no_sign(string type, double value, string text)
    {
        var comparison = new MetricComparison { Label = "errors", MetricType = type, Baseline = 0.33, Candidate = value };
        Assert.Equal(text, ComparisonFormat.Value(comparison, value));
    }
}
