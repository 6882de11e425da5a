using LlmObs.Evaluation.Results;

namespace LlmObs.Evaluation.Evaluators;

/// <summary>What an included evaluator found.</summary>
/// <param name="MetricType">The kind of the value: one of <see cref="LlmObs.MetricType"/>.</param>
/// <param name="Value">The value.</param>
/// <param name="Passed">The verdict; null if there is none.</param>
/// <param name="Reasoning">Why.</param>
/// <param name="Metadata">Whatever else there is to tell, a JSON object.</param>
public sealed record Finding(string MetricType, RawJson Value, bool? Passed, string? Reasoning, RawJson Metadata = default)
{
    /// <summary>A yes or no, which is the verdict as well.</summary>
    /// <param name="passed">The verdict.</param>
    /// <param name="reasoning">Why.</param>
    /// <returns>The finding.</returns>
    public static Finding Of(bool passed, string reasoning) => new(LlmObs.MetricType.Boolean, RawJson.Of(passed), passed, reasoning);

    /// <summary>A number.</summary>
    /// <param name="score">A finite number.</param>
    /// <param name="passed">The verdict; null if there is none.</param>
    /// <param name="reasoning">Why.</param>
    /// <returns>The finding.</returns>
    public static Finding Of(double score, bool? passed, string reasoning) => new(LlmObs.MetricType.Score, RawJson.Of(score), passed, reasoning);
}
