using System.Text.Json;
using LlmObs.Evaluation.Results;

namespace LlmObs.Evaluation.Evaluators;

/// <summary>An evaluator that the module includes. Several threads may call it at once.</summary>
public abstract class IncludedEvaluator
{
    private protected IncludedEvaluator()
    {
    }

    /// <summary>The label of its metric, if the user gives none.</summary>
    public abstract string DefaultName { get; }

    /// <summary>Its kind.</summary>
    public string Kind => GetType().Name.Replace("Evaluator", string.Empty, StringComparison.Ordinal);

    /// <summary>Judges a row whose task did not fail.</summary>
    /// <param name="row">The row, as JSON.</param>
    /// <param name="script">Runs the user's script block with a text, and returns its output; null if there is none.</param>
    /// <param name="cancellation">Ends it at once.</param>
    /// <returns>The finding.</returns>
    /// <exception cref="EvaluatorException">The row can't be judged; the message gives the reason.</exception>
    public abstract ValueTask<Finding> EvaluateAsync(JudgedRow row, Func<string, RawJson>? script, CancellationToken cancellation);

    /// <summary>The text of a value: a string as it is, everything else as JSON.</summary>
    /// <returns>The text; empty if there is no value.</returns>
    private protected static string TextOf(RawJson value) => IsNothing(value) ? string.Empty : value.ReadText() ?? value.ToString();

    private protected static bool IsNothing(RawJson value) => value.IsMissing || value.Utf8.Span.SequenceEqual("null"u8);
}

/// <summary>A row as the included evaluators see it.</summary>
/// <param name="Input">The record's input.</param>
/// <param name="Output">The task's output.</param>
/// <param name="ExpectedOutput">The record's expected output.</param>
/// <param name="Metadata">The metadata, a JSON object.</param>
public readonly record struct JudgedRow(RawJson Input, RawJson Output, RawJson ExpectedOutput, RawJson Metadata);

/// <summary>An evaluator can't judge a row.</summary>
/// <param name="message">The problem, and the advice.</param>
/// <param name="cause">The exception that caused it.</param>
public sealed class EvaluatorException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>An evaluator's finding.</summary>
/// <param name="MetricType">The kind of the value: one of <see cref="LlmObs.MetricType"/>.</param>
/// <param name="Passed">The verdict; null if there is none.</param>
/// <param name="Reasoning">The reason.</param>
/// <param name="Metadata">Any other data, a JSON object.</param>
public sealed record Finding(string MetricType, RawJson Value, bool? Passed, string? Reasoning, RawJson Metadata = default)
{
    /// <summary>A yes or no, which is also the verdict.</summary>
    /// <param name="passed">The verdict.</param>
    /// <param name="reasoning">The reason.</param>
    /// <returns>The finding.</returns>
    public static Finding Of(bool passed, string reasoning) => new(LlmObs.MetricType.Boolean, RawJson.Of(passed), passed, reasoning);

    /// <summary>A number.</summary>
    /// <param name="score">A finite number.</param>
    /// <param name="passed">The verdict; null if there is none.</param>
    /// <param name="reasoning">The reason.</param>
    /// <returns>The finding.</returns>
    public static Finding Of(double score, bool? passed, string reasoning) => new(LlmObs.MetricType.Score, RawJson.Of(score), passed, reasoning);
}
