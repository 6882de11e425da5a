namespace LlmObs.Client.Rows;

/// <summary>A <see cref="Cell"/> that was copied off its row.</summary>
/// <param name="Kind">The form.</param>
/// <param name="Bits">The number, flag or ticks.</param>
/// <param name="Value">The text or object.</param>
/// <param name="Bare">What the host has wrapped.</param>
/// <param name="Utf8">The bytes of text and JSON.</param>
internal sealed record KeptCell(CellKind Kind, long Bits, object? Value, object? Bare, byte[]? Utf8);
