using System.Globalization;

namespace LlmObs.Client.Tables;

/// <summary>The use of each column of one table, determined once from its header.</summary>
internal sealed class TableMap
{
    // Columns of these names have the same meaning in a table as in any row.
    private static readonly EventField[] Kept =
        [EventField.Start, EventField.Tags, EventField.DatasetRecordId, EventField.Error, EventField.ErrorMessage, EventField.ErrorType, EventField.ErrorStack];

    private readonly Dictionary<EventField, int> _fields = [];
    private readonly Dictionary<EventField, int[]> _objects = []; // fields of several columns
    private readonly HashSet<EventField> _jsonFields = [];
    private readonly HashSet<int> _jsonColumns;
    private readonly HashSet<int> _used;

    private readonly bool _mayLack;

    /// <param name="mapping">Which column becomes what.</param>
    /// <param name="columns">The columns of the row.</param>
    /// <param name="types">The types of the table's metrics, by label; new ones are added.</param>
    /// <param name="isFirst">
    /// True for the table's first row. It must have all named columns, so that a misspelt one is noticed
    /// at once; later rows, of JSON, may leave some out.
    /// </param>
    /// <exception cref="EventRowException">A column that was named is not there, or is there twice.</exception>
    public TableMap(TableMapping mapping, IReadOnlyList<string> columns, Dictionary<string, TableMetricType> types, bool isFirst)
    {
        Columns = columns;
        _mayLack = !isFirst;
        Place(mapping, EventField.Input, mapping.InputColumns);
        Place(mapping, EventField.Output, mapping.OutputColumns);
        Place(mapping, EventField.ExpectedOutput, mapping.ExpectedColumns);
        Place(mapping, EventField.DatasetRecordId, mapping.RecordIdColumn);
        Place(mapping, EventField.Name, mapping.NameColumn);
        Place(mapping, EventField.Start, mapping.StartColumn);
        Place(mapping, EventField.Error, mapping.ErrorColumn);
        MetadataColumns = [.. mapping.MetadataColumns.Distinct(StringComparer.OrdinalIgnoreCase).Select(Find).Where(column => column >= 0)];
        _jsonColumns = [.. MetadataColumns.Concat(_objects.Values.SelectMany(members => members)).Where(column => mapping.JsonColumns.Contains(columns[column]))];
        IdColumns = [.. mapping.IdColumns.Distinct(StringComparer.OrdinalIgnoreCase).Select(Find)];
        DurationColumn = mapping.DurationColumn is null ? -1 : Find(mapping.DurationColumn);
        NanosecondsPerUnit = mapping.DurationColumn is null ? null : UnitOf(mapping);
        UnitProblem = $"the unit of '{mapping.DurationColumn}' is unknown; give -DurationUnit {string.Join(", ", DurationUnits.Names.SkipLast(1))} or {DurationUnits.Names[^1]}";
        ByName = [.. Enumerable.Range(0, columns.Count).OrderBy(column => columns[column], StringComparer.Ordinal)];
        SpanName = mapping.InputColumns.Concat(mapping.OutputColumns).FirstOrDefault("row");
        Metrics = [.. mapping.MetricColumns.Select(Find).Where(column => column >= 0).Select(column => MetricAt(mapping, column, types))];
        string? untyped = mapping.HasMetricPattern ? null : mapping.MetricTypes.Keys
            .FirstOrDefault(name => !mapping.MetricColumns.Concat(mapping.MetricLabels.Values).Contains(name, StringComparer.OrdinalIgnoreCase));
        if (untyped is not null)
        {
            throw new EventRowException(string.Empty, $"-MetricType names '{untyped}', which -MetricColumn does not");
        }

        if (Metrics.GroupBy(metric => metric.Label, StringComparer.OrdinalIgnoreCase).FirstOrDefault(label => label.Count() > 1) is { } twice)
        {
            throw new EventRowException(string.Empty, $"the columns {string.Join(", ", twice.Select(metric => $"'{columns[metric.Column]}'"))} are one metric, '{twice.Key}'; give each a label of its own: -MetricColumn @{{ label = 'column' }}");
        }

        _used = [.. IdColumns, DurationColumn, .. _fields.Values, .. MetadataColumns, .. _objects.Values.SelectMany(members => members),
            .. Metrics.SelectMany(metric => new[] { metric.Column, metric.Reasoning, metric.Assessment })];
        if (!mapping.IsMetricsOnly)
        {
            PlaceKept();
        }

        Func<string, bool> hasUsedMember = HasUsedMember();
        Unused = [.. Enumerable.Range(0, columns.Count)
            .Where(column => !IsUsed(column) && !hasUsedMember(columns[column])).Select(column => columns[column])];
    }

    public IReadOnlyList<string> Columns { get; }

    public IReadOnlyList<TableMetric> Metrics { get; }

    public IReadOnlyList<int> IdColumns { get; }

    public int DurationColumn { get; }

    public IReadOnlyList<int> MetadataColumns { get; }

    /// <summary>The unit of durations that are plain numbers; null if it is unknown.</summary>
    public long? NanosecondsPerUnit { get; }

    /// <summary>The problem of a plain number without a unit.</summary>
    public string UnitProblem { get; }

    public string SpanName { get; }

    /// <summary>The columns in an order that does not depend on a hashtable's keys.</summary>
    public IReadOnlyList<int> ByName { get; }

    /// <summary>True if a column is used.</summary>
    public bool IsUsed(int column) => _used.Contains(column);

    // A member of one is used, as a column of its own.
    private Func<string, bool> HasUsedMember()
    {
        string[] members = [.. _used.Where(column => column >= 0).Select(column => Columns[column]).Where(name => name.AsSpan().IndexOfAny('.', '[') > 0)];
        return column => Array.Exists(members, member => MemberPath.After(member, column) is { Length: > 0 });
    }

    /// <summary>True if the text in a column of metadata, or in one of a field's several columns, is JSON.</summary>
    public bool IsJsonText(int column) => _jsonColumns.Contains(column);

    /// <summary>A problem, with the column for the field.</summary>
    public EventRowException InOwnWords(EventRowException problem)
    {
        foreach ((EventField field, int column) in _fields)
        {
            string name = FieldNames.ApiName(field);
            if (problem.IsOf(name))
            {
                return problem.OfColumn(Columns[column], name.Length);
            }
        }

        string duration = FieldNames.ApiName(EventField.Duration);
        return DurationColumn >= 0 && problem.IsOf(duration) ? problem.OfColumn(Columns[DurationColumn], duration.Length) : problem;
    }

    /// <summary>Columns that become nothing.</summary>
    public IReadOnlyList<string> Unused { get; }

    /// <summary>The column of a span's field, or -1.</summary>
    public int ColumnOf(EventField field) => _fields.GetValueOrDefault(field, -1);

    /// <summary>The columns of a field that is an object of several; empty if it is a single one's value.</summary>
    public IReadOnlyList<int> MembersOf(EventField field) => _objects.GetValueOrDefault(field, []);

    public bool IsJson(EventField field) => _jsonFields.Contains(field);

    /// <summary>The plan in words, for people to check it.</summary>
    public string Describe()
    {
        List<string> parts = [.. _objects.Select(field => $"{string.Join(" and ", field.Value.Select(column => Columns[column]))} -> {FieldNames.ApiName(field.Key)}")];
        parts.AddRange(_fields.Select(field => $"{Columns[field.Value]} -> {FieldNames.ApiName(field.Key)}"));
        parts.AddRange(Metrics.Select(metric => $"{metric.Label} -> {metric.Type.Type ?? "no value yet"}"));
        parts.AddRange(Metrics.SelectMany(metric => new[] { (Column: metric.Assessment, Of: "assessment"), (Column: metric.Reasoning, Of: "reasoning") }
            .Where(one => one.Column >= 0).Select(one => $"{Columns[one.Column]} -> {one.Of} of {metric.Label}")));
        parts.AddRange(IdColumns.Select(column => $"{Columns[column]} -> id"));
        parts.AddRange(new[] { (Index: DurationColumn, Role: "duration") }.Where(one => one.Index >= 0).Select(one => $"{Columns[one.Index]} -> {one.Role}"));
        parts.AddRange(MetadataColumns.Select(column => $"{Columns[column]} -> metadata"));
        string unused = Unused.Count == 0 ? string.Empty : $"; not sent: {string.Join(", ", Unused)}";
        return string.Join(", ", parts) + unused;
    }

    private void Place(TableMapping mapping, EventField field, IReadOnlyList<string> names)
    {
        if (names.Count > 1)
        {
            _objects.Add(field, [.. names.Distinct(StringComparer.OrdinalIgnoreCase).Select(Find).Where(column => column >= 0)]);
        }
        else
        {
            Place(mapping, field, names.Count == 0 ? null : names[0]);
        }
    }

    private void Place(TableMapping mapping, EventField field, string? name)
    {
        if (name is not null)
        {
            int column = Find(name);
            if (column < 0)
            {
                return;
            }

            _fields.Add(field, column);
            if (mapping.JsonColumns.Contains(Columns[column]))
            {
                _jsonFields.Add(field);
            }
        }
    }

    private void PlaceKept()
    {
        for (int column = 0; column < Columns.Count; column++)
        {
            if (!IsUsed(column) && FieldNames.TryFind(Columns[column], out EventField field, out _) && Kept.Contains(field))
            {
                if (_fields.TryAdd(field, column))
                {
                    _used.Add(column);
                }
            }
        }
    }

    /// <summary>True if a column has a meaning by its name alone.</summary>
    public static bool IsKept(string column) => FieldNames.TryFind(column, out EventField field, out _) && Kept.Contains(field);

    private int FindBeside(string? name) =>
        name is null ? -1 : Enumerable.Range(0, Columns.Count).FirstOrDefault(column => string.Equals(Columns[column], name, StringComparison.OrdinalIgnoreCase), -1);

    private int Find(string name)
    {
        int[] found = [.. Enumerable.Range(0, Columns.Count).Where(column => string.Equals(Columns[column], name, StringComparison.OrdinalIgnoreCase))];
        return found.Length switch
        {
            1 => found[0],
            0 when _mayLack => -1,
            0 => throw new EventRowException(string.Empty, $"it has no column '{name}'; its columns are {ColumnName.Shown(Columns)}.{NearestWord.Ask(name, Columns)}".TrimEnd('.')),
            _ => throw new EventRowException(string.Empty, $"it has {found.Length} columns '{name}'; rename all but one"),
        };
    }

    private TableMetric MetricAt(TableMapping mapping, int column, Dictionary<string, TableMetricType> types)
    {
        string label = mapping.LabelOf(Columns[column]);
        if (!types.TryGetValue(label, out TableMetricType? type))
        {
            string? given = mapping.MetricTypes
                .FirstOrDefault(one => string.Equals(one.Key, label, StringComparison.OrdinalIgnoreCase) || string.Equals(one.Key, Columns[column], StringComparison.OrdinalIgnoreCase)).Value;
            types.Add(label, type = new TableMetricType(label, given, mapping.Culture is null ? null : CultureInfo.GetCultureInfo(mapping.Culture)));
        }

        return new TableMetric(label, column, type, FindBeside(mapping.ReasoningOf(label)), FindBeside(mapping.AssessmentOf(label)));
    }

    private static long? UnitOf(TableMapping mapping) =>
        (mapping.DurationUnit ?? DurationUnits.AtEndOf(mapping.DurationColumn!)) is string unit ? DurationUnits.NanosecondsIn(unit) : null;
}

/// <summary>A metric column of a table.</summary>
/// <param name="Label">The metric's label.</param>
/// <param name="Column">The column's place.</param>
/// <param name="Type">Its type, which all rows of the table share.</param>
/// <param name="Reasoning">The index of the column with its reasoning; -1 for none.</param>
/// <param name="Assessment">The index of the column with its assessment; -1 for none.</param>
internal sealed record TableMetric(string Label, int Column, TableMetricType Type, int Reasoning, int Assessment);

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
    /// <c>elapsed_sec</c>; null if it ends with none.
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
