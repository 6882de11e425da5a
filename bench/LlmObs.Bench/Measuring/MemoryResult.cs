namespace LlmObs.Bench.Measuring;

/// <summary>The memory of one run.</summary>
/// <param name="Way">The way's name.</param>
/// <param name="Title">What a user would type.</param>
/// <param name="Events">How many events.</param>
/// <param name="SlowSink">Whether the sink answered late.</param>
/// <param name="Sample">The measurement.</param>
internal sealed record MemoryResult(string Way, string Title, int Events, bool SlowSink, Sample Sample);
