namespace LlmObs.Evaluation.Results;

/// <summary>What a line is, and of which row.</summary>
/// <param name="Type">The kind of line; empty if it has none.</param>
/// <param name="RecordId">The record of a row.</param>
/// <param name="RunIteration">The iteration of a row.</param>
internal readonly record struct ResultLineKey(string Type, string RecordId, int RunIteration);
