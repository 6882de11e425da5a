using LlmObs.Evaluation.Results;

namespace LlmObs.Evaluation.Evaluators;

/// <summary>A row as the included evaluators see it.</summary>
/// <param name="Input">The record's input.</param>
/// <param name="Output">What the task gave.</param>
/// <param name="ExpectedOutput">The record's expected output.</param>
/// <param name="Metadata">The metadata, a JSON object.</param>
public readonly record struct JudgedRow(RawJson Input, RawJson Output, RawJson ExpectedOutput, RawJson Metadata);
