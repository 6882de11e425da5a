namespace LlmObs.Bench.Sink;

/// <summary>The state that the connections share: the configured answer, and the counts of received requests.</summary>
internal sealed class SinkState(TimeSpan delay, BodyKeeper? keeper, TokenBucket? bucket, double fault)
{
    private readonly Random _random = new(7);
    private long _requests;
    private long _bytes;
    private long _events;
    private long _largest;
    private long _limited;
    private long _failed;

    public TimeSpan Delay => delay;

    public BodyKeeper? Keeper => keeper;

    /// <summary>The answer to a request: null to accept it, otherwise a whole answer that refuses it.</summary>
    public string? Refuse()
    {
        if (bucket?.Take() is { } wait)
        {
            Interlocked.Increment(ref _limited);
            return FormattableString.Invariant(
                $"HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\nx-ratelimit-limit: {bucket.Capacity}\r\nx-ratelimit-period: 1\r\nx-ratelimit-remaining: 0\r\nx-ratelimit-reset: {Math.Ceiling(wait.TotalSeconds)}\r\n\r\n");
        }

        bool fails;
        lock (_random)
        {
            fails = _random.NextDouble() < fault;
        }

        if (!fails)
        {
            return null;
        }

        Interlocked.Increment(ref _failed);
        return "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n";
    }

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
        $$"""{"requests":{{Interlocked.Read(ref _requests)}},"bytes":{{Interlocked.Read(ref _bytes)}},"events":{{Interlocked.Read(ref _events)}},"largest":{{Interlocked.Read(ref _largest)}},"limited":{{Interlocked.Read(ref _limited)}},"failed":{{Interlocked.Read(ref _failed)}}}""";
}
