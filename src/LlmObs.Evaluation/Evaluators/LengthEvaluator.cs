using System.Globalization;
using LlmObs.Evaluation.Results;

namespace LlmObs.Evaluation.Evaluators;

/// <summary>How long the output is.</summary>
public sealed class LengthEvaluator : IncludedEvaluator
{
    /// <summary>The shortest that passes; null for any.</summary>
    public int? Minimum { get; init; }

    /// <summary>The longest that passes; null for any.</summary>
    public int? Maximum { get; init; }

    /// <summary>What is counted.</summary>
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

/// <summary>What the length of an output is counted in.</summary>
public enum LengthUnit
{
    /// <summary>Characters as a reader sees them: an emoji or a letter with its accent is one.</summary>
    Characters,

    /// <summary>Words: what stands between blanks.</summary>
    Words,

    /// <summary>Lines.</summary>
    Lines,
}
