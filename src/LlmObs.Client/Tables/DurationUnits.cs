namespace LlmObs.Client.Tables;

/// <summary>Units of time that tables count durations in.</summary>
public static class DurationUnits
{
    private static readonly (string Name, long Nanoseconds)[] Known = [("ns", 1), ("us", 1_000), ("ms", 1_000_000), ("s", 1_000_000_000)];

    private static readonly (string Unit, string[] Words)[] Words =
    [
        ("ns", ["ns", "nsec", "nanos", "nanosecond", "nanoseconds"]),
        ("us", ["us", "µs", "usec", "micros", "microsecond", "microseconds"]),
        ("ms", ["ms", "msec", "millis", "millisecond", "milliseconds"]),
        ("s", ["s", "sec", "secs", "second", "seconds"]),
    ];

    /// <summary>The units' names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Known.Select(unit => unit.Name)];

    /// <summary>The nanoseconds in a unit.</summary>
    internal static long? NanosecondsIn(string name) =>
        Array.Find(Known, unit => string.Equals(unit.Name, name, StringComparison.OrdinalIgnoreCase)) is { Name: not null } found ? found.Nanoseconds : null;

    /// <summary>
    /// The unit that a column's name ends with, as in <c>latency_ms</c>, <c>Latency (ms)</c>, <c>latencyMs</c> or
    /// <c>elapsed_sec</c>; null where it ends with none.
    /// </summary>
    internal static string? AtEndOf(string column)
    {
        string end = column.TrimEnd(' ', ')', ']');
        foreach ((string unit, string[] words) in Words)
        {
            foreach (string word in words)
            {
                if (end.Length > word.Length && end.EndsWith(word, StringComparison.OrdinalIgnoreCase) && BeginsAt(end, end.Length - word.Length))
                {
                    return unit;
                }
            }
        }

        return null;
    }

    // After a mark between words, or with a capital letter after a small one.
    private static bool BeginsAt(string name, int at) =>
        name[at - 1] is '_' or '-' or ' ' or '(' or '[' or '.' || (char.IsUpper(name[at]) && !char.IsUpper(name[at - 1]));
}
