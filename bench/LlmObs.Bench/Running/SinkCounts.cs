namespace LlmObs.Bench.Running;

/// <summary>The counts of the sink.</summary>
internal sealed record SinkCounts(long Requests, long Bytes, long Events, long Largest)
{
    public static SinkCounts operator -(SinkCounts after, SinkCounts before) =>
        new(after.Requests - before.Requests, after.Bytes - before.Bytes, after.Events - before.Events, after.Largest);
}
