namespace LlmObs.Emulator.Events;

/// <summary>The rules that depend on when a request arrives.</summary>
/// <param name="OldestTimestampMs">The oldest time a metric may have, in ms since the epoch; null for any.</param>
internal readonly record struct EventRules(long? OldestTimestampMs)
{
    private static readonly TimeSpan OldestAge = TimeSpan.FromHours(24);

    /// <summary>The live service's refusal, word for word as recorded.</summary>
    public static Problem TooOld { get; } = new(
        400,
        "Key: 'ExperimentEvalMetricEvent.EvalMetricBase.TimestampMs' Error:Field validation for 'TimestampMs' failed on the 'timestamp_within_24hr' tag")
    {
        Title = "Generic Error",
        NamesStatus = false,
    };

    /// <summary>No rule: for what was accepted before.</summary>
    public static EventRules None => new(null);

    public static EventRules At(DateTimeOffset now) => new((now - OldestAge).ToUnixTimeMilliseconds());

    public bool Refuses(long timestampMs) => timestampMs < OldestTimestampMs;
}
