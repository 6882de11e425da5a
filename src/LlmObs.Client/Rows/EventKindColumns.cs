namespace LlmObs.Client.Rows;

/// <summary>What shows whether rows are spans or metrics; every event has at least one of these fields.</summary>
internal static class EventKindColumns
{
    private const string Signs = "a span (start_ns, name or trace_id) nor a metric (metric_type or label)";

    private const string Tables = "the columns of an evaluation table are named with -InputColumn, -OutputColumn, -ExpectedColumn and -MetricColumn";

    private static readonly EventField[] Signing =
        [EventField.Start, EventField.Name, EventField.TraceId, EventField.MetricType, EventField.Label];

    /// <summary>Whether rows of these columns can be events at all.</summary>
    public static bool ShowsIn(ColumnMap plan) => Array.Exists(Signing, field => plan.ColumnOf(field) >= 0);

    /// <summary>A row that is neither.</summary>
    public static EventRowException Unseen() =>
        new(string.Empty, $"it is neither {Signs}; check the column names, or say which it is with -As; {Tables}");

    /// <summary>Columns of which no row can be either.</summary>
    public static EventRowException Unseen(IReadOnlyList<string> columns)
    {
        const int MostNamed = 50; // a file may have a million
        const int Longest = 60; // what is no table may be all one name
        string[] named = [.. columns.Take(MostNamed).Select(column => column.Length > Longest ? column[..Longest] + "…" : column)];
        string more = columns.Count > named.Length ? ", …" : string.Empty;
        string near = string.Concat(named.Select(column => NearestWord.Ask(column, Signing.Select(FieldNames.ApiName))));
        return new EventRowException(
            string.Empty,
            $"its columns are {string.Join(", ", named)}{more}, and none says whether a row is {Signs.Replace("nor", "or", StringComparison.Ordinal)}.{near} T{Tables[1..]}")
        {
            IsOfColumns = true,
        };
    }
}
