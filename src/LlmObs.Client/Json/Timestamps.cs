using System.Globalization;

namespace LlmObs.Client.Json;

/// <summary>Points in time as the API writes them: RFC 3339 in UTC, with up to nine fractional digits.</summary>
public static class Timestamps
{
    private const DateTimeStyles AsUtc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal | DateTimeStyles.AllowWhiteSpaces;

    private static readonly string[] Formats =
    [
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd' 'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd' 'HH:mmK",
        "yyyy-MM-dd' 'HH:mm:ss.FFFFFFF zzz", "yyyyMMdd'T'HHmmssK", "yyyy-MM-dd",
    ];

    /// <summary>A time as ISO 8601 text in UTC.</summary>
    /// <returns>For example <c>2026-01-15T10:30:00.1234567Z</c>; a zero fraction is left out.</returns>
    public static string Format(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    /// <summary>
    /// A <see cref="DateTime"/> as a point in time. One without a kind is UTC, so that a row means the same on every
    /// machine, in text or as an object.
    /// </summary>
    /// <returns>The point in time, UTC.</returns>
    public static DateTimeOffset ToUtc(DateTime time) =>
        time.Kind == DateTimeKind.Local ? new DateTimeOffset(time).ToUniversalTime() : new DateTimeOffset(time.Ticks, TimeSpan.Zero);

    /// <summary>Reads ISO 8601 text, in any culture the same. Without an offset it is UTC; digits past 100 ns are cut off.</summary>
    /// <param name="time">The time, UTC.</param>
    /// <returns>True if the text is a time.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out DateTimeOffset time)
    {
        text = text.Trim();
        Span<char> cut = stackalloc char[text.Length is > 0 and <= 64 ? text.Length : 1];
        if (text.Length > 64)
        {
            time = default;
            return false;
        }

        return DateTimeOffset.TryParseExact(CutFraction(text, cut), Formats, CultureInfo.InvariantCulture, AsUtc, out time);
    }

    // .NET reads seven fractional digits; the service sends up to nine.
    private static ReadOnlySpan<char> CutFraction(ReadOnlySpan<char> text, Span<char> room)
    {
        int point = text.IndexOf('.');
        if (point < 0)
        {
            return text;
        }

        int end = point + 1;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
        {
            end++;
        }

        int keep = Math.Min(end, point + 8);
        text[..keep].CopyTo(room);
        text[end..].CopyTo(room[keep..]);
        return room[..(keep + text.Length - end)];
    }
}
