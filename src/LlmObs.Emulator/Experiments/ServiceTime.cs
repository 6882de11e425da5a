using System.Globalization;

namespace LlmObs.Emulator.Experiments;

/// <summary>Times as the live service writes them: RFC 3339, UTC, at least four fractional digits, no further zeros.</summary>
internal static class ServiceTime
{
    private const int LeastDigits = 4;
    private const int AllDigits = 7;

    public static string Format(DateTimeOffset time)
    {
        string text = time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff", CultureInfo.InvariantCulture);
        int end = text.Length;
        int shortest = text.Length - AllDigits + LeastDigits;
        while (end > shortest && text[end - 1] == '0')
        {
            end--;
        }

        return string.Concat(text.AsSpan(0, end), "Z");
    }

    public static bool TryParse(string text, out DateTimeOffset time) => DateTimeOffset.TryParse(
        text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);
}
