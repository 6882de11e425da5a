using System.Text.Json;
using LlmObs.Evaluation.Results;

namespace LlmObs.Evaluation.Evaluators;

/// <summary>Whether the output is what was expected: the same text, or the same JSON whatever its blanks and the order of its members.</summary>
public sealed class ExactMatchEvaluator : IncludedEvaluator
{
    /// <summary>Whether upper and lower case are the same.</summary>
    public bool IgnoreCase { get; init; }

    /// <inheritdoc/>
    public override string DefaultName => "exact_match";

    /// <inheritdoc/>
    public override ValueTask<Finding> EvaluateAsync(JudgedRow row, Func<string, RawJson>? script, CancellationToken cancellation) => ValueTask.FromResult(Evaluate(row));

    private Finding Evaluate(in JudgedRow row)
    {
        if (row.ExpectedOutput.IsMissing)
        {
            throw new EvaluatorException("The record has no expected output to compare with.");
        }

        bool same = row.Output.Utf8.Span.SequenceEqual(row.ExpectedOutput.Utf8.Span) || AreSame(row);
        return Finding.Of(same, same ? "The output is the expected one." : "The output is not the expected one.");
    }

    private bool AreSame(in JudgedRow row)
    {
        JsonElement output = row.Output.Read();
        JsonElement expected = row.ExpectedOutput.Read();
        return output.ValueKind == JsonValueKind.String && expected.ValueKind == JsonValueKind.String
            ? string.Equals(output.GetString(), expected.GetString(), IgnoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal)
            : output.ValueKind == expected.ValueKind && JsonElement.DeepEquals(output, expected);
    }
}
