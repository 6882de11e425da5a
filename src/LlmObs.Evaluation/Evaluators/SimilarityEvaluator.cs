using LlmObs.Evaluation.Results;
using Quickenshtein;

namespace LlmObs.Evaluation.Evaluators;

/// <summary>How alike output and expected output are: 1 less the edits that make the one of the other, by the longer one's length.</summary>
public sealed class SimilarityEvaluator : IncludedEvaluator
{
    /// <summary>The least that passes, 0 to 1; null for no verdict.</summary>
    public double? Threshold { get; init; }

    /// <inheritdoc/>
    public override string DefaultName => "similarity";

    /// <inheritdoc/>
    public override ValueTask<Finding> EvaluateAsync(JudgedRow row, Func<string, RawJson>? script, CancellationToken cancellation)
    {
        if (IsNothing(row.ExpectedOutput))
        {
            throw new EvaluatorException("The record has no expected output to compare with.");
        }

        string output = TextOf(row.Output);
        string expected = TextOf(row.ExpectedOutput);
        int longest = Math.Max(output.Length, expected.Length);
        int edits = longest == 0 ? 0 : Levenshtein.GetDistance(output, expected);
        double ratio = longest == 0 ? 1 : 1 - ((double)edits / longest);
        return ValueTask.FromResult(Finding.Of(ratio, ratio >= Threshold ? true : Threshold is null ? null : false, FormattableString.Invariant($"{edits} edits in {longest} characters.")));
    }
}
