using System.Globalization;
using System.Numerics;

namespace LlmObs.PowerShell.Gates;

/// <summary>The buckets of an aggregate as a table: a column for each group field and each metric.</summary>
internal sealed class SummaryTable
{
    public SummaryTable(IReadOnlyList<AggregateBucket> buckets)
    {
        Groups = [.. buckets.SelectMany(bucket => bucket.By.Keys).Distinct(StringComparer.Ordinal)];
        Metrics = [.. buckets.SelectMany(bucket => bucket.Metrics.Keys).Distinct(StringComparer.Ordinal)];
        Rows = buckets;
    }

    public IReadOnlyList<string> Groups { get; }

    public IReadOnlyList<string> Metrics { get; }

    public IReadOnlyList<AggregateBucket> Rows { get; }

    /// <summary>The group values that occur, each once.</summary>
    public IEnumerable<string> GroupValues => Groups.SelectMany(group => Rows.Select(row => GroupOf(row, group))).Where(value => value.Length > 0).Distinct(StringComparer.Ordinal);

    /// <summary>What a row has in a group's column; empty where the service gave nothing.</summary>
    public static string GroupOf(AggregateBucket row, string group) => Plain(row.By.GetValueOrDefault(group));

    /// <summary>What a row has under a metric, where that is a number.</summary>
    public static double? NumberOf(AggregateBucket row, string metric) => row.Metrics.GetValueOrDefault(metric) switch
    {
        BigInteger big => (double)big,
        sbyte or byte or short or ushort or int or uint or long or ulong or float or double or decimal =>
            Convert.ToDouble(row.Metrics[metric], CultureInfo.InvariantCulture),
        _ => null,
    };

    /// <summary>What a table shows of a metric: four digits behind the point.</summary>
    public static string Show(AggregateBucket row, string metric) =>
        NumberOf(row, metric) is double number && Math.Abs(number) is 0 or (>= 0.0001 and < 1e15)
            ? NumberOf(row, metric)!.Value.ToString("0.####", CultureInfo.InvariantCulture)
            : Plain(row.Metrics.GetValueOrDefault(metric));

    /// <summary>What tells a row from the others.</summary>
    public string NameOf(AggregateBucket row) => Groups.Count == 0 ? "all events" : string.Join(" / ", Groups.Select(group => GroupOf(row, group)).Select(value => value.Length == 0 ? "(none)" : value));

    private static string Plain(object? value) => value switch
    {
        null => string.Empty,
        bool flag => flag ? "true" : "false",
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? string.Empty,
    };
}
