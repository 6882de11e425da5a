using System.Text.RegularExpressions;
using LlmObs.Evaluation.Results;

namespace LlmObs.Evaluation.Evaluators;

/// <summary>Whether a regular expression is found in the output.</summary>
public sealed class MatchEvaluator : IncludedEvaluator
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5); // an expression can take forever on the wrong text

    private readonly Regex _expression;

    /// <summary>Makes an evaluator.</summary>
    /// <param name="pattern">The expression, as .NET and PowerShell read it.</param>
    /// <param name="ignoreCase">Whether upper and lower case are the same.</param>
    /// <exception cref="ArgumentException">It is no regular expression.</exception>
    public MatchEvaluator(string pattern, bool ignoreCase) =>
        _expression = new Regex(pattern, RegexOptions.CultureInvariant | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None), Longest);

    /// <summary>The expression.</summary>
    public string Pattern => _expression.ToString();

    /// <inheritdoc/>
    public override string DefaultName => "match";

    /// <inheritdoc/>
    public override ValueTask<Finding> EvaluateAsync(JudgedRow row, Func<string, RawJson>? script, CancellationToken cancellation)
    {
        try
        {
            Match match = _expression.Match(TextOf(row.Output));
            return ValueTask.FromResult(Finding.Of(match.Success, match.Success ? $"'{match.Value}' matches." : $"Nothing matches '{Pattern}'."));
        }
        catch (RegexMatchTimeoutException e)
        {
            throw new EvaluatorException($"The expression '{Pattern}' took longer than {Longest.TotalSeconds} s on this output.", e);
        }
    }
}
