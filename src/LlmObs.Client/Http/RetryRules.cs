using System.Globalization;
using System.Net.Http.Headers;

namespace LlmObs.Client.Http;

/// <summary>
/// The wait that an answer asks for. Seen in the wild: <c>x-ratelimit-reset</c> in seconds, twice in one header
/// (<c>"7, 7"</c>), as a Unix time; <c>Retry-After</c> in seconds or as a date; neither.
/// </summary>
internal static class RetryDelay
{
    // No service asks for 30 years: a number of this size is a point in time.
    private const double SmallestUnixSeconds = 1e9;
    private const double SmallestUnixMilliseconds = 1e12;

    public static TimeSpan? Read(HttpResponseHeaders? headers, DateTimeOffset now)
    {
        TimeSpan? longest = null;
        foreach (string name in (ReadOnlySpan<string>)["x-ratelimit-reset", "Retry-After"])
        {
            if (headers is null || !headers.NonValidated.TryGetValues(name, out HeaderStringValues values))
            {
                continue;
            }

            foreach (string value in values)
            {
                if (ReadValue(value, now) is TimeSpan wait && (longest is null || wait > longest))
                {
                    longest = wait;
                }
            }
        }

        return longest;
    }

    private static TimeSpan? ReadValue(string value, DateTimeOffset now)
    {
        // A date holds a comma of its own, so it is tried before the value is taken for a list.
        if (DateTimeOffset.TryParseExact(value.Trim(), "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset date))
        {
            return AtLeastZero(date - now);
        }

        TimeSpan? longest = null;
        foreach (string part in value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (double.TryParse(part, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number))
            {
                TimeSpan wait = FromNumber(number, now);
                longest = longest > wait ? longest : wait;
            }
        }

        return longest;
    }

    private static TimeSpan FromNumber(double number, DateTimeOffset now)
    {
        double seconds = number switch
        {
            >= SmallestUnixMilliseconds => (number / 1000) - (now.ToUnixTimeMilliseconds() / 1000d),
            >= SmallestUnixSeconds => number - (now.ToUnixTimeMilliseconds() / 1000d),
            _ => number,
        };
        return TimeSpan.FromSeconds(Math.Clamp(seconds, 0, TimeSpan.FromDays(1).TotalSeconds));
    }

    private static TimeSpan AtLeastZero(TimeSpan wait) => wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
}

/// <summary>The failures that are worth another attempt, and the wait before it.</summary>
internal static class RetryRules
{
    /// <summary>The longest single wait, even if the service asks for more.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    /// <summary>The longest time that the waits of one request may add up to.</summary>
    public static readonly TimeSpan LongestWaitInAll = TimeSpan.FromMinutes(5);

    /// <summary>New requests come so much later than those that were refused, at the most.</summary>
    public static readonly TimeSpan SpreadAfterPause = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan SpreadAfterReset = TimeSpan.FromMilliseconds(250);

    /// <summary>True if a failure may pass, and repeating the request is allowed after it.</summary>
    public static bool MayRepeat(FailureKind? failure, RetrySafety rule) => failure switch
    {
        // Nothing reached the service, or it reported that it did not act.
        FailureKind.RateLimited or FailureKind.ConnectionRefused or FailureKind.NameNotResolved or FailureKind.ProxyFailed => true,

        // It may have acted before it failed or fell silent.
        FailureKind.ServerError or FailureKind.Timeout or FailureKind.ConnectionLost => rule is RetrySafety.Read or RetrySafety.AfterTransientFailure,
        _ => false,
    };

    /// <summary>
    /// The wait before the next attempt: the service's wait plus a little spread, otherwise exponential with full jitter.
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

/// <summary>When a failed request may be sent again.</summary>
internal enum RetrySafety
{
    /// <summary>After every failure that may pass, also if a success broke off: nothing is written, and all of it is needed.</summary>
    Read,

    /// <summary>After every failure that may pass: repeating it does no harm, or less harm than losing it.</summary>
    AfterTransientFailure,

    /// <summary>Only if the service certainly did not act on it: repeating it could do the same thing twice.</summary>
    OnlyIfNotProcessed,
}
