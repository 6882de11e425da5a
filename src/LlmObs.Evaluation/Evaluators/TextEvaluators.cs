using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using LlmObs.Evaluation.Results;
using Quickenshtein;

namespace LlmObs.Evaluation.Evaluators;

/// <summary>Checks that the output equals the expected one: the same text, or the same JSON whatever its blanks and the order of its members.</summary>
public sealed class ExactMatchEvaluator : IncludedEvaluator
{
    /// <summary>True to ignore case.</summary>
    public bool IgnoreCase { get; init; }

    /// <inheritdoc/>
    public override string DefaultName => "exact_match";

    /// <inheritdoc/>
    public override ValueTask<Finding> EvaluateAsync(JudgedRow row, Func<string, RawJson>? script, CancellationToken cancellation) => ValueTask.FromResult(Evaluate(row));

    private Finding Evaluate(in JudgedRow row)
    {
        // A record without one and one that expects null are the same to the service.
        if (IsNothing(row.ExpectedOutput))
        {
            throw new EvaluatorException("The record has no expected output to compare with.");
        }

        bool same = row.Output.Utf8.Span.SequenceEqual(row.ExpectedOutput.Utf8.Span) || AreSame(row);
        return Finding.Of(same, same ? "The output is the expected one." : "The output is not the expected one.");
    }

    private bool AreSame(in JudgedRow row)
    {
        if (row.Output.ReadText() is string text && row.ExpectedOutput.ReadText() is string expectedText)
        {
            return string.Equals(text, expectedText, IgnoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);
        }

        JsonElement output = row.Output.Read();
        JsonElement expected = row.ExpectedOutput.Read();
        return output.ValueKind == expected.ValueKind && JsonElement.DeepEquals(output, expected);
    }
}

/// <summary>Checks that the output contains a given text, or the expected output.</summary>
public sealed class ContainsEvaluator : IncludedEvaluator
{
    /// <summary>The text; null for the record's expected output.</summary>
    public string? Text { get; init; }

    /// <summary>True to ignore case.</summary>
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

/// <summary>Checks that a regular expression is found in the output.</summary>
public sealed class MatchEvaluator : IncludedEvaluator
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5); // an expression can take forever on the wrong text

    private readonly Regex _expression;

    /// <summary>Makes an evaluator.</summary>
    /// <param name="pattern">The expression, as .NET and PowerShell read it.</param>
    /// <param name="ignoreCase">True to ignore case.</param>
    /// <exception cref="ArgumentException">The pattern is not a regular expression.</exception>
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

/// <summary>Measures the length of the output.</summary>
public sealed class LengthEvaluator : IncludedEvaluator
{
    /// <summary>The shortest that passes; null for any.</summary>
    public int? Minimum { get; init; }

    /// <summary>The longest that passes; null for any.</summary>
    public int? Maximum { get; init; }

    /// <summary>The unit that is counted.</summary>
    public LengthUnit Unit { get; init; }

    /// <inheritdoc/>
    public override string DefaultName => "length";

    /// <inheritdoc/>
    public override ValueTask<Finding> EvaluateAsync(JudgedRow row, Func<string, RawJson>? script, CancellationToken cancellation)
    {
        string text = TextOf(row.Output);
        int length = Unit switch
        {
            LengthUnit.Words => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length,
            LengthUnit.Lines => text.Length == 0 ? 0 : text.AsSpan().TrimEnd('\n').Count('\n') + 1,
            _ => new StringInfo(text).LengthInTextElements,
        };
        bool? passed = Minimum is null && Maximum is null ? null : !(length < Minimum) && !(length > Maximum);
        string unit = Unit.ToString().ToLowerInvariant();
        string reason = length < Minimum ? FormattableString.Invariant($", fewer than {Minimum}")
            : length > Maximum ? FormattableString.Invariant($", more than {Maximum}") : string.Empty;
        return ValueTask.FromResult(Finding.Of(length, passed, FormattableString.Invariant($"The output has {length} {unit}{reason}.")));
    }
}

/// <summary>The unit of an output's length.</summary>
public enum LengthUnit
{
    /// <summary>Characters as a reader sees them: an emoji or a letter with its accent counts as one.</summary>
    Characters,

    /// <summary>Words, separated by blanks.</summary>
    Words,

    /// <summary>Lines.</summary>
    Lines,
}

/// <summary>Measures the similarity of output and expected output: 1 minus the number of edits between them, divided by the longer length.</summary>
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
