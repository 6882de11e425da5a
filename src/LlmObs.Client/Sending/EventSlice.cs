namespace LlmObs.Client.Sending;

/// <summary>One event of a batch: where its JSON ends in its buffer, and where it came from.</summary>
/// <param name="Kind">Which buffer.</param>
/// <param name="Start">Its first byte there.</param>
/// <param name="End">One past its last byte; a comma follows, if another event does.</param>
/// <param name="Place">Its row.</param>
internal readonly record struct EventSlice(EventKind Kind, int Start, int End, RowPlace Place);
