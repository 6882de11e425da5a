using LlmObs.Evaluation.Results;

namespace LlmObs.Evaluation.Evaluators;

/// <summary>Whether the output contains a text: a given one, else the expected output's.</summary>
public sealed class ContainsEvaluator : IncludedEvaluator
{
    /// <summary>The text; null for the record's expected output.</summary>
    public string? Text { get; init; }

    /// <summary>Whether upper and lower case are the same.</summary>
    public bool IgnoreCase { get; init; }

    /// <inheritdoc/>
    public override string DefaultName => "contains";

    /// <inheritdoc/>
    public override ValueTask<Finding> EvaluateAsync(JudgedRow row, Func<string, RawJson>? script, CancellationToken cancellation)
    {
        string wanted = Text ?? (IsNothing(row.ExpectedOutput)
            ? throw new EvaluatorException("The record has no expected output to look for; give a text with -Contains.")
            : TextOf(row.ExpectedOutput));
        bool found = TextOf(row.Output).Contains(wanted, IgnoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);
        return ValueTask.FromResult(Finding.Of(found, found ? $"The output contains '{wanted}'." : $"The output does not contain '{wanted}'."));
    }
}
