namespace LlmObs.Client.Sending;

/// <summary>How events are put together and sent.</summary>
public sealed record SendOptions
{
    /// <summary>The most events of a request.</summary>
    public int BatchSize { get; init; } = 1000;

    /// <summary>The most bytes of a request's body; a single event over it is sent alone.</summary>
    public int MaxBatchBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>The most requests under way at once.</summary>
    public int ThrottleLimit { get; init; } = 4;

    /// <exception cref="ArgumentOutOfRangeException">A value is not positive.</exception>
    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(BatchSize, nameof(BatchSize));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxBatchBytes, nameof(MaxBatchBytes));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ThrottleLimit, nameof(ThrottleLimit));
    }
}
