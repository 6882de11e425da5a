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
}
