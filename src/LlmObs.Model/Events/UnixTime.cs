namespace LlmObs;

/// <summary>Times that the service gives as numbers since the Unix epoch; one that no calendar has is no time.</summary>
internal static class UnixTime
{
    public static DateTimeOffset? FromNanoseconds(long? value) =>
        value is long nanoseconds ? DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / TimeSpan.NanosecondsPerTick) : null;

    public static DateTimeOffset? FromMilliseconds(long? value)
    {
        long least = DateTimeOffset.MinValue.ToUnixTimeMilliseconds(), most = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();
        return value >= least && value <= most ? DateTimeOffset.FromUnixTimeMilliseconds(value.Value) : null;
    }
}
