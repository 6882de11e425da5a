namespace LlmObs.Client.Http;

/// <summary>Which failures are worth another attempt, and how long to wait for it.</summary>
internal static class RetryRules
{
    /// <summary>The longest single wait, whatever the service asks for.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    /// <summary>The longest time that the waits of one request may add up to.</summary>
    public static readonly TimeSpan LongestWaitInAll = TimeSpan.FromMinutes(5);

    /// <summary>New requests come so much later than those that were refused, at the most.</summary>
    public static readonly TimeSpan SpreadAfterPause = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan SpreadAfterReset = TimeSpan.FromMilliseconds(250);

    /// <summary>Whether a failure may pass, and repeating the request is allowed after it.</summary>
    public static bool MayRepeat(FailureKind? failure, RetrySafety rule) => failure switch
    {
        // Nothing reached the service, or it said that it did not act.
        FailureKind.RateLimited or FailureKind.ConnectionRefused or FailureKind.NameNotResolved or FailureKind.ProxyFailed => true,

        // It may have acted before it failed or fell silent.
        FailureKind.ServerError or FailureKind.Timeout or FailureKind.ConnectionLost => rule is RetrySafety.Reading or RetrySafety.AfterTransientFailure,
        _ => false,
    };

    /// <summary>
    /// The wait before the next attempt: what the service asks for and a little spread, else exponential with full jitter.
    /// </summary>
    /// <param name="outcome">The attempt that failed.</param>
    /// <param name="retry">0 before the first retry.</param>
    /// <param name="now">The time of asking, for headers that name a moment.</param>
    /// <param name="draw">A random number from 0 to 1.</param>
    public static TimeSpan WaitBefore(HttpAttemptResult outcome, int retry, DateTimeOffset now, double draw)
    {
        if (RetryDelay.Read(outcome.Headers, now) is TimeSpan asked)
        {
            TimeSpan spread = asked + (SpreadAfterReset * draw);
            return spread < LongestWait ? spread : LongestWait;
        }

        TimeSpan ceiling = FirstBackoff * Math.Pow(2, Math.Min(retry, 16));
        return (ceiling < LongestBackoff ? ceiling : LongestBackoff) * draw;
    }
}
