namespace LlmObs.Emulator.Query;

/// <summary>A word or quoted phrase of a query.</summary>
/// <param name="Text">The text, escapes resolved.</param>
/// <param name="Pattern">The pattern, where it has wildcards that are neither quoted nor escaped.</param>
internal sealed record QueryWord(string Text, Glob? Pattern = null);
