namespace LlmObs.Client.Tables;

/// <summary>Units of time that tables count durations in.</summary>
public static class DurationUnits
{
    private static readonly (string Name, long Nanoseconds)[] Known = [("ns", 1), ("us", 1_000), ("ms", 1_000_000), ("s", 1_000_000_000)];

    /// <summary>The units' names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Known.Select(unit => unit.Name)];

    /// <summary>The nanoseconds in a unit.</summary>
    internal static long? NanosecondsIn(string name) =>
        Array.Find(Known, unit => string.Equals(unit.Name, name, StringComparison.OrdinalIgnoreCase)) is { Name: not null } found ? found.Nanoseconds : null;

    /// <summary>The unit that a column's name ends with, as in <c>latency_ms</c> or <c>Latency (ms)</c>; null where it ends with none.</summary>
    internal static string? AtEndOf(string column)
    {
        string end = column.TrimEnd(' ', ')', ']');
        return Names.FirstOrDefault(name =>
            end.EndsWith(name, StringComparison.OrdinalIgnoreCase)
            && end.Length > name.Length
            && end[^(name.Length + 1)] is '_' or '-' or ' ' or '(' or '[' or '.');
    }
}
