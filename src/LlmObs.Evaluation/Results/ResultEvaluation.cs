using System.Buffers.Text;
using System.Text.Json;

namespace LlmObs.Evaluation.Results;

/// <summary>What one evaluator found, as a result file keeps it.</summary>
public sealed record ResultEvaluation
{
    /// <summary>The label of the metric.</summary>
    public required string Label { get; init; }

    /// <summary>The kind of the value: one of <see cref="LlmObs.MetricType"/>; null if there is no value.</summary>
    public string? MetricType { get; init; }

    /// <summary>The value.</summary>
    public RawJson Value { get; init; }

    /// <summary>The verdict: one of <see cref="MetricAssessment"/>.</summary>
    public string? Assessment { get; init; }

    /// <summary>Why the value is what it is.</summary>
    public string? Reasoning { get; init; }

    /// <summary>What went wrong.</summary>
    public RowError? Error { get; init; }

    /// <summary>Whatever else the evaluator tells, a JSON object.</summary>
    public RawJson Metadata { get; init; }

    /// <summary>Tags of the metric, each as <c>key:value</c>.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The value as a number; null if it is none.</summary>
    public double? Score =>
        Utf8Parser.TryParse(Value.Utf8.Span, out double number, out int read) && read == Value.Utf8.Length && double.IsFinite(number) ? number : null;

    /// <summary>The value as a boolean; null if it is none.</summary>
    public bool? Boolean => Value.Utf8.Span.SequenceEqual("true"u8) ? true : Value.Utf8.Span.SequenceEqual("false"u8) ? false : null;

    /// <summary>The value as text; null if it is none.</summary>
    /// <exception cref="JsonException">The value is not JSON.</exception>
    public string? Category => !Value.IsMissing && Value.Utf8.Span[0] == '"' ? Value.Read().GetString() : null;
}
