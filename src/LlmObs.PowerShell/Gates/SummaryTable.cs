using System.Globalization;
using System.Numerics;

namespace LlmObs.PowerShell.Gates;

/// <summary>The buckets of an aggregate as a table: a column for each group field, each metric and each count.</summary>
internal sealed class SummaryTable
{
    public SummaryTable(IReadOnlyList<AggregateBucket> buckets, string source)
    {
        Source = source;
        Groups = [.. buckets.SelectMany(bucket => bucket.By.Keys).Distinct(StringComparer.Ordinal)];
        Metrics = [.. buckets.SelectMany(bucket => bucket.Metrics.Keys).Distinct(StringComparer.Ordinal)];
        Counts = [.. buckets.SelectMany(bucket => bucket.Counts.Keys).Distinct(StringComparer.Ordinal).Except(Metrics).Except(Groups)];
        Measures = [.. Metrics, .. Counts];
        Rows = buckets;
    }

    /// <summary>What the table is made of, as a sentence.</summary>
    public string Source { get; }

    public IReadOnlyList<string> Groups { get; }

    public IReadOnlyList<string> Metrics { get; }

    /// <summary>The names of counts and shares: a condition applies to them only if it names them.</summary>
    public IReadOnlyList<string> Counts { get; }

    /// <summary>Metrics and counts.</summary>
    public IReadOnlyList<string> Measures { get; }

    public IReadOnlyList<AggregateBucket> Rows { get; }

    /// <summary>The answer of an aggregate as a table.</summary>
    public static SummaryTable Of(IReadOnlyList<AggregateBucket> buckets)
    {
        long events = buckets.Max(row => row.QueryHitCount);
        return new SummaryTable(buckets, string.Create(CultureInfo.InvariantCulture, $"The query matched {events:N0} {(events == 1 ? "event" : "events")}."));
    }

    /// <summary>The group values that occur, each once.</summary>
    public IEnumerable<string> GroupValues => Groups.SelectMany(group => Rows.Select(row => GroupOf(row, group))).Where(value => value.Length > 0).Distinct(StringComparer.Ordinal);

    /// <summary>A row's value in a group's column; empty if the service sent none.</summary>
    public static string GroupOf(AggregateBucket row, string group) => Plain(row.By.GetValueOrDefault(group));

    /// <summary>A row's value of a metric or a count, if that is a number.</summary>
    public static double? NumberOf(AggregateBucket row, string measure) => ValueOf(row, measure) switch
    {
        BigInteger big => (double)big,
        sbyte or byte or short or ushort or int or uint or long or ulong or float or double or decimal =>
            Convert.ToDouble(ValueOf(row, measure), CultureInfo.InvariantCulture),
        _ => null,
    };

    /// <summary>A metric's text in a table, with four digits after the point.</summary>
    public static string Show(AggregateBucket row, string measure) =>
        NumberOf(row, measure) is double number && Math.Abs(number) is 0 or (>= 0.0001 and < 1e15)
            ? NumberOf(row, measure)!.Value.ToString("0.####", CultureInfo.InvariantCulture)
            : Plain(ValueOf(row, measure));

    /// <summary>The name that distinguishes a row from the others.</summary>
    public string NameOf(AggregateBucket row) => Groups.Count == 0 ? "all events" : string.Join(" / ", Groups.Select(group => GroupOf(row, group)).Select(value => value.Length == 0 ? "(none)" : value));

    private static object? ValueOf(AggregateBucket row, string measure) =>
        row.Metrics.TryGetValue(measure, out object? value) ? value : row.Counts.GetValueOrDefault(measure);

    private static string Plain(object? value) => value switch
    {
        null => string.Empty,
        bool flag => flag ? "true" : "false",
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? string.Empty,
    };
}
