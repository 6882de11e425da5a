namespace LlmObs.Emulator.Query;

/// <summary>One end of a range.</summary>
/// <param name="Text">The value, a number or a text.</param>
/// <param name="IsInclusive">Whether the value itself is in the range.</param>
internal sealed record QueryBound(string Text, bool IsInclusive);
