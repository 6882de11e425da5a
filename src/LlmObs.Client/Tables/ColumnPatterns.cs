using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace LlmObs.Client.Tables;

/// <summary>
/// Finds what names with <c>*</c> and <c>?</c> mean in the rows of one table: columns, or members inside of one
/// (<c>outputs.*.score</c>). What was met once belongs to the mapping from then on.
/// </summary>
internal sealed class ColumnPatterns
{
    private const int MostColumns = 1000; // that one table can grow to, beyond those of its first row

    private readonly TableMapping _mapping;
    private readonly CellWriter _values;
    private readonly Pattern[] _metrics;
    private readonly Pattern[] _metadata;
    private IReadOnlyList<string>? _source;
    private int _mostColumns = -1; // no row was met yet

    public ColumnPatterns(TableMapping mapping, CellWriter values)
    {
        (_mapping, _values) = (mapping, values);
        _metrics = [.. mapping.MetricColumns.Where(IsPattern).Select(name => new Pattern(name))];
        _metadata = [.. mapping.MetadataColumns.Where(IsPattern).Select(name => new Pattern(name))];
        Mapping = Resolve();
    }

    /// <summary>The mapping with the columns that were met.</summary>
    public TableMapping Mapping { get; private set; }

    /// <summary>The first name that stands for more columns than a table can grow to; null if none does.</summary>
    public string? Overfull { get; private set; }

    public static bool IsPattern(string name) => name.AsSpan().IndexOfAny('*', '?') >= 0;

    /// <summary>Looks at a row.</summary>
    /// <returns>True if it has columns that were not met before.</returns>
    public bool Expand(EventRow row)
    {
        if (_metrics.Length + _metadata.Length == 0)
        {
            return false;
        }

        bool isNew = false;
        if (!ReferenceEquals(_source, row.Columns))
        {
            _source = row.Columns;
            isNew = ExpandHeader(row.Columns);
        }

        foreach (Pattern pattern in _metrics.Concat(_metadata).Where(one => one.Segments.Length > 1))
        {
            isNew |= ExpandInside(row, pattern);
        }

        Mapping = isNew ? Resolve() : Mapping;
        return isNew;
    }

    /// <summary>Looks at the names of columns.</summary>
    /// <returns>True if some were not met before.</returns>
    public bool ExpandHeader(IReadOnlyList<string> columns)
    {
        bool isNew = false;
        _mostColumns = _mostColumns < 0 ? Math.Max(MostColumns, columns.Count) : _mostColumns;
        foreach (Pattern pattern in _metrics.Concat(_metadata))
        {
            // A column without a name, as Excel writes beside the table, can't be meant.
            foreach (string column in columns.Select(ColumnName.Of).Where(name => name.Length > 0 && pattern.Matches(name)))
            {
                isNew |= Add(pattern, column);
            }
        }

        Mapping = isNew ? Resolve() : Mapping;
        return isNew;
    }

    /// <summary>The problem, if a pattern of columns matched none; null if all matched some.</summary>
    /// <param name="columns">The table's columns.</param>
    /// <param name="areAll">True if no more can come; otherwise a pattern may still match inside a column.</param>
    public EventRowException? Unmatched(IReadOnlyList<string> columns, bool areAll)
    {
        string[] without = [.. _metrics.Concat(_metadata).Where(one => one.Found.Count == 0 && (areAll || one.Segments.Length == 1)).Select(one => one.Text)];
        return without.Length == 0
            ? null
            : new EventRowException(string.Empty, $"it has no column like {string.Join(", ", without.Select(name => $"'{name}'"))}; its columns are {ColumnName.Shown(columns)}");
    }

    private bool ExpandInside(EventRow row, Pattern pattern)
    {
        bool isNew = false;
        for (int column = 0; column < row.Columns.Count; column++)
        {
            string name = row.Columns[column];
            if (pattern.First.IsMatch(name) && Inside(row, column) is byte[] json)
            {
                using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = HostObjectJson.MaxDepth });
                isNew |= Descend(document.RootElement, pattern, segment: 1, name);
            }
        }

        return isNew;
    }

    private bool Descend(JsonElement element, Pattern pattern, int segment, string path)
    {
        if (segment == pattern.Segments.Length)
        {
            return Add(pattern, path);
        }

        bool isNew = false;
        if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty member in element.EnumerateObject().Where(member => pattern.Segments[segment].IsMatch(member.Name) && !member.Name.AsSpan().ContainsAny('.', '[')))
            {
                isNew |= Descend(member.Value, pattern, segment + 1, $"{path}.{member.Name}");
            }
        }

        return isNew;
    }

    private bool Add(Pattern pattern, string name)
    {
        if (pattern.Has(name))
        {
            return false;
        }

        if (pattern.Found.Count >= Math.Max(_mostColumns, MostColumns))
        {
            Overfull ??= pattern.Text;
            return false;
        }

        pattern.Add(name);
        return true;
    }

    private byte[]? Inside(EventRow row, int column)
    {
        try
        {
            Cell cell = row.GetColumn(column);
            byte[]? json = cell.Kind switch
            {
                CellKind.Json when cell.Utf8[0] == '{' => cell.Utf8.ToArray(),
                CellKind.Value when cell.Value is not null => _values.ToJson(cell, row.Columns[column]),
                CellKind.Utf8 or CellKind.Text when cell.TryGetText(out string text) && text.AsSpan().TrimStart() is ['{', ..] => Encoding.UTF8.GetBytes(text),
                _ => null,
            };
            if (json is not null)
            {
                JsonText.MustBeJson(json);
            }

            return json;
        }
        catch (Exception e) when (e is EventRowException or JsonException)
        {
            return null; // what can't be read is said when it is read for good
        }
    }

    private TableMapping Resolve()
    {
        var metrics = new List<string>();
        var labels = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        IReadOnlySet<string> named = _mapping.Named.ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (string name in _mapping.MetricColumns)
        {
            string? template = _mapping.MetricLabels.GetValueOrDefault(name);
            foreach (string column in Columns(_metrics, name, named.Contains))
            {
                metrics.Add(column);
                if (template is not null)
                {
                    labels[column] = IsPattern(name) ? template.Replace("*", new Pattern(name).Captured(column), StringComparison.Ordinal) : template;
                }
            }
        }

        TableMapping mapping = _mapping with { MetricColumns = metrics, MetricLabels = labels, HasMetricPattern = _metrics.Length > 0 };
        var used = mapping.Named.Concat(mapping.Beside).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return mapping with
        {
            MetadataColumns = [.. _mapping.MetadataColumns.SelectMany(name => Columns(_metadata, name, column => used.Contains(column) || TableMap.IsKept(column)))
                .Distinct(StringComparer.OrdinalIgnoreCase)],
        };
    }

    // A pattern means what nothing else names.
    private static IEnumerable<string> Columns(Pattern[] patterns, string name, Func<string, bool> isTaken) =>
        IsPattern(name) ? Array.Find(patterns, one => one.Text == name)!.Found.Where(column => !isTaken(column)) : [name];

    private sealed class Pattern(string text)
    {
        private readonly Regex _whole = ToRegex(text);
        private readonly List<string> _found = []; // in the order that they were met
        private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);

        public string Text => text;

        public Regex[] Segments { get; } = [.. text.Split('.').Select(ToRegex)];

        public Regex First => Segments[0];

        public IReadOnlyList<string> Found => _found;

        public bool Has(string name) => _names.Contains(name);

        public void Add(string name)
        {
            _names.Add(name);
            _found.Add(name);
        }

        public bool Matches(string name) => _whole.IsMatch(name);

        /// <summary>The text that the pattern's asterisks match in a name.</summary>
        public string Captured(string name) => string.Join('_', _whole.Match(name).Groups.Values.Skip(1).Select(group => group.Value));

        private static Regex ToRegex(string pattern) => new(
            @"\A" + Regex.Escape(pattern).Replace(@"\*", "(.*?)", StringComparison.Ordinal).Replace(@"\?", "(.)", StringComparison.Ordinal) + @"\z",
            RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline);
    }
}
