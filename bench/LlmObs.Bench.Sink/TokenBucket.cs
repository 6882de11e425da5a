namespace LlmObs.Bench.Sink;

/// <summary>A rate limit: so many requests a second, and as many at once after a second of rest. Safe from several threads.</summary>
internal sealed class TokenBucket(double rate, TimeProvider time)
{
    private readonly Lock _gate = new();
    private double _tokens = Math.Max(1, rate);
    private long _filledAt = time.GetTimestamp();

    /// <summary>The most requests at once.</summary>
    public double Capacity { get; } = Math.Max(1, rate);

    /// <summary>Lets a request pass.</summary>
    /// <returns>Null if it does; else the time until another one would.</returns>
    public TimeSpan? Take()
    {
        lock (_gate)
        {
            long now = time.GetTimestamp();
            _tokens = Math.Min(Capacity, _tokens + (rate * time.GetElapsedTime(_filledAt, now).TotalSeconds));
            _filledAt = now;
            if (_tokens < 1)
            {
                return TimeSpan.FromSeconds((1 - _tokens) / rate);
            }

            _tokens--;
            return null;
        }
    }
}
