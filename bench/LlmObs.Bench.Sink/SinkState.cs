namespace LlmObs.Bench.Sink;

/// <summary>What the connections share: how to answer, and what has come in.</summary>
internal sealed class SinkState(TimeSpan delay, BodyKeeper? keeper)
{
    private long _requests;
    private long _bytes;
    private long _events;
    private long _largest;

    public TimeSpan Delay => delay;

    public BodyKeeper? Keeper => keeper;

    public void Add(long bodyBytes, long bodyEvents)
    {
        Interlocked.Increment(ref _requests);
        Interlocked.Add(ref _bytes, bodyBytes);
        Interlocked.Add(ref _events, bodyEvents);
        for (long known = Interlocked.Read(ref _largest); bodyBytes > known; known = Interlocked.Read(ref _largest))
        {
            Interlocked.CompareExchange(ref _largest, bodyBytes, known);
        }
    }

    public string ToJson() =>
        $$"""{"requests":{{Interlocked.Read(ref _requests)}},"bytes":{{Interlocked.Read(ref _bytes)}},"events":{{Interlocked.Read(ref _events)}},"largest":{{Interlocked.Read(ref _largest)}}}""";
}
