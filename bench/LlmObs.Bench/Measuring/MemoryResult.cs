namespace LlmObs.Bench.Measuring;

/// <summary>The memory of one run.</summary>
/// <param name="Way">The way's name.</param>
/// <param name="Title">The command that a user would type.</param>
/// <param name="Events">The number of events.</param>
/// <param name="SlowSink">True if the sink answered late.</param>
/// <param name="Sample">The measurement.</param>
internal sealed record MemoryResult(string Way, string Title, int Events, bool SlowSink, Sample Sample);
