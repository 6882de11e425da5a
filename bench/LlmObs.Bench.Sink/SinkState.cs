namespace LlmObs.Bench.Sink;

/// <summary>What the connections share: how to answer, and what has come in.</summary>
internal sealed class SinkState(TimeSpan delay, BodyKeeper? keeper)
{
    private long requests;
    private long bytes;
    private long events;
    private long largest;

    public TimeSpan Delay => delay;

    public BodyKeeper? Keeper => keeper;

    public void Add(long bodyBytes, long bodyEvents)
    {
        Interlocked.Increment(ref requests);
        Interlocked.Add(ref bytes, bodyBytes);
        Interlocked.Add(ref events, bodyEvents);
        for (long known = Interlocked.Read(ref largest); bodyBytes > known; known = Interlocked.Read(ref largest))
        {
            Interlocked.CompareExchange(ref largest, bodyBytes, known);
        }
    }

    public string ToJson() =>
        $$"""{"requests":{{Interlocked.Read(ref requests)}},"bytes":{{Interlocked.Read(ref bytes)}},"events":{{Interlocked.Read(ref events)}},"largest":{{Interlocked.Read(ref largest)}}}""";
}
