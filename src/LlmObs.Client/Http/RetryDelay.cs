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
