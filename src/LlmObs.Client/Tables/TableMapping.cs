namespace LlmObs.Client.Tables;

/// <summary>
/// How the columns of an evaluation table - one row a question, its scores in columns - become spans and metrics: one span
/// a row, and one metric a row and metric column.
/// </summary>
public sealed record TableMapping
{
    /// <summary>The columns that become the span's input: one as its value, several as an object of them.</summary>
    public IReadOnlyList<string> InputColumns { get; init => field = ColumnName.Of(value); } = [];

    /// <summary>The columns that become the span's output, likewise.</summary>
    public IReadOnlyList<string> OutputColumns { get; init => field = ColumnName.Of(value); } = [];

    /// <summary>The columns that become the span's expected output, likewise.</summary>
    public IReadOnlyList<string> ExpectedColumns { get; init => field = ColumnName.Of(value); } = [];

    /// <summary>The columns that become metrics; <c>*</c> and <c>?</c> stand for any characters.</summary>
    public IReadOnlyList<string> MetricColumns { get; init => field = ColumnName.Of(value); } = [];

    /// <summary>
    /// The labels of metrics by column, as <see cref="MetricColumns"/> names it; a column that is not here has its own name as label.
    /// An asterisk in the label is replaced with the text that the column's asterisks match.
    /// </summary>
    public IReadOnlyDictionary<string, string> MetricLabels { get; init => field = WithNames(value, ColumnName.Of, text => text); } = new Dictionary<string, string>();

    /// <summary>The columns of reasoning by the metric's label; under <c>*</c> the column of all metrics, in which an asterisk is the label.</summary>
    public IReadOnlyDictionary<string, string> ReasoningColumns { get; init => field = WithNames(value, ColumnName.Of, ColumnName.Of); } = new Dictionary<string, string>();

    /// <summary>The columns of assessment, likewise.</summary>
    public IReadOnlyDictionary<string, string> AssessmentColumns { get; init => field = WithNames(value, ColumnName.Of, ColumnName.Of); } = new Dictionary<string, string>();

    /// <summary>The types of metric columns that must not be guessed, by column: see <see cref="MetricType"/>.</summary>
    public IReadOnlyDictionary<string, string> MetricTypes { get; init => field = WithNames(value, ColumnName.Of, text => text); } = new Dictionary<string, string>();

    /// <summary>The columns that identify rows, all together; without one their content does.</summary>
    public IReadOnlyList<string> IdColumns { get; init => field = ColumnName.Of(value); } = [];

    /// <summary>The column that holds the id of the dataset's record that the row is about.</summary>
    public string? RecordIdColumn { get; init => field = value is null ? null : ColumnName.Of(value); }

    /// <summary>The column that becomes the span's name; if it is blank, the name is that of the input's first column.</summary>
    public string? NameColumn { get; init => field = value is null ? null : ColumnName.Of(value); }

    /// <summary>The column with the row's start.</summary>
    public string? StartColumn { get; init => field = value is null ? null : ColumnName.Of(value); }

    /// <summary>The column with the error: text, or an object with message, type and stack. A row that has one failed.</summary>
    public string? ErrorColumn { get; init => field = value is null ? null : ColumnName.Of(value); }

    /// <summary>The columns that become members of the span's metadata; <c>*</c> and <c>?</c> stand for any characters of columns that nothing else names.</summary>
    public IReadOnlyList<string> MetadataColumns { get; init => field = ColumnName.Of(value); } = [];

    /// <summary>The column that holds how long the row took.</summary>
    public string? DurationColumn { get; init => field = value is null ? null : ColumnName.Of(value); }

    /// <summary>The unit of that column: ns, us, ms or s; null to see it from the column's name (<c>latency_ms</c>).</summary>
    public string? DurationUnit { get; init; }

    /// <summary>True if there may be more metrics than the named ones.</summary>
    internal bool HasMetricPattern { get; init; }

    /// <summary>All columns that are named, and must be there.</summary>
    internal IReadOnlyList<string> Named =>
        [.. new[] { DurationColumn, RecordIdColumn, NameColumn, StartColumn, ErrorColumn }
            .OfType<string>().Concat(InputColumns).Concat(OutputColumns).Concat(ExpectedColumns).Concat(IdColumns).Concat(MetricColumns).Concat(MetadataColumns).Concat(Given(ReasoningColumns)).Concat(Given(AssessmentColumns))
            .Where(name => !ColumnPatterns.IsPattern(name)).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>The columns that belong to metrics, which not every metric needs.</summary>
    internal IReadOnlyList<string> Beside =>
        [.. MetricColumns.Select(LabelOf).SelectMany(label => new[] { ReasoningOf(label), AssessmentOf(label) }).OfType<string>()
            .Except(Named, StringComparer.OrdinalIgnoreCase).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>The label of a metric.</summary>
    internal string LabelOf(string column) => MetricLabels.GetValueOrDefault(column) ?? column;

    /// <summary>The column of a metric's reasoning; null for none.</summary>
    internal string? ReasoningOf(string label) => OfLabel(ReasoningColumns, label);

    /// <summary>The column of a metric's assessment; null for none.</summary>
    internal string? AssessmentOf(string label) => OfLabel(AssessmentColumns, label);

    /// <summary>Text that means "no value" in columns of metrics and durations; case does not matter.</summary>
    public IReadOnlyList<string> MissingValues { get; init; } = DefaultMissingValues;

    /// <summary>True if the user gave <see cref="MissingValues"/>: then they hold for categories, too.</summary>
    public bool AreMissingValuesGiven { get; init; }

    /// <summary>
    /// The culture of text in cells: its decimal, thousands, currency and percent signs, its order of day and month, and its words for true and false;
    /// null if numbers have a decimal point and nothing else.
    /// </summary>
    public string? Culture { get; init; }

    /// <summary>The texts that other tools write for "no value".</summary>
    public static IReadOnlyList<string> DefaultMissingValues { get; } = ["nan", "None", "null", "N/A", "#N/A", "<NA>", "-"];

    /// <summary>True if no column belongs to a span, so that only metrics are sent, for existing spans.</summary>
    public bool IsMetricsOnly => InputColumns.Count + OutputColumns.Count + ExpectedColumns.Count == 0;

    /// <summary>Columns whose text is JSON; case does not matter.</summary>
    public IReadOnlySet<string> JsonColumns { get; init => field = value.Select(ColumnName.Of).ToHashSet(StringComparer.OrdinalIgnoreCase); } = new HashSet<string>();

    private static Dictionary<string, string> WithNames(IReadOnlyDictionary<string, string> given, Func<string, string> key, Func<string, string> value)
    {
        var names = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach ((string one, string other) in given)
        {
            names[key(one)] = value(other);
        }

        return names;
    }

    private static IEnumerable<string> Given(IReadOnlyDictionary<string, string> columns) => columns.Where(one => one.Key != "*").Select(one => one.Value);

    private static string? OfLabel(IReadOnlyDictionary<string, string> columns, string label) =>
        columns.FirstOrDefault(one => string.Equals(one.Key, label, StringComparison.OrdinalIgnoreCase)).Value
            ?? columns.GetValueOrDefault("*")?.Replace("*", label, StringComparison.Ordinal);
}
