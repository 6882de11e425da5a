namespace LlmObs.Emulator.Http;

/// <summary>What one request may cost.</summary>
internal sealed record RequestLimits
{
    public static RequestLimits Default { get; } = new();

    /// <summary>The largest body, as sent and after decompression, in bytes.</summary>
    public int MaxBodyBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>How much of an over-long body is read and thrown away, so that its sender gets to read the 413.</summary>
    public long MaxDrainBytes { get; init; } = 1024L * 1024 * 1024;

    /// <summary>How long a body may take to arrive.</summary>
    public TimeSpan BodyTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the head of a request may take to arrive, from its first byte.</summary>
    public TimeSpan HeadTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a connection may lie idle.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long an aggregate may take.</summary>
    public TimeSpan AggregateTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long stopping waits for running answers.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The most requests that are kept for inspection.</summary>
    public int MaxRecordedRequests { get; init; } = 2000;

    /// <summary>The most bytes of bodies that are kept for inspection.</summary>
    public long MaxRecordedBytes { get; init; } = 16L * 1024 * 1024;
}
