namespace LlmObs.Emulator.Events;

/// <summary>The inside of a JSON string within its body, without the quotes.</summary>
/// <param name="Start">The offset of its first byte.</param>
/// <param name="Length">Its length in bytes, escapes included.</param>
/// <param name="IsEscaped">Whether it holds escapes.</param>
internal readonly record struct TextSlice(int Start, int Length, bool IsEscaped);
