using System.Collections;
using System.Management.Automation;

namespace LlmObs.PowerShell.Cmdlets;

/// <summary>
/// The parameters that read rows as an evaluation table: one row a question, its scores in columns.
/// </summary>
public abstract class TableCmdlet : ApiCmdlet
{
    private protected TableCmdlet()
    {
    }

    /// <summary>The columns that become each span's input; several become an object of them. With this or one of the next three, rows are those of a table.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ColumnCompleter))]
    public string[] InputColumn { get; set; } = [];

    /// <summary>The columns that become each span's output; several become an object of them.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ColumnCompleter))]
    public string[] OutputColumn { get; set; } = [];

    /// <summary>The columns that become each span's expected output; several become an object of them.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ColumnCompleter))]
    public string[] ExpectedColumn { get; set; } = [];

    /// <summary>The columns that become metrics, each under its name, or under a label of its own (@{ label = 'column' }): numbers are scores, true and false booleans, JSON objects json, all else categorical.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ColumnCompleter))]
    public object[] MetricColumn { get; set; } = [];

    /// <summary>The column with a metric's reasoning: by label (@{ faithfulness = 'why' }), or one name for all in which * is the label ('*_reason').</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ColumnCompleter))]
    public object? ReasoningColumn { get; set; }

    /// <summary>The column with a metric's assessment, pass or fail: by label, or one name for all in which * is the label.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ColumnCompleter))]
    public object? AssessmentColumn { get; set; }

    /// <summary>Types of metric columns that must not be guessed: @{ category = 'categorical' }.</summary>
    [Parameter]
    public IDictionary? MetricType { get; set; }

    /// <summary>The column, or several together, that identifies a row. By default a row's content does.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ColumnCompleter))]
    public string[] IdColumn { get; set; } = [];

    /// <summary>The column that holds the id of the dataset's record that a row is about.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ColumnCompleter))]
    public string? RecordIdColumn { get; set; }

    /// <summary>The column that becomes each span's name.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ColumnCompleter))]
    public string? NameColumn { get; set; }

    /// <summary>The column with the start of a row. By default a column start, otherwise now.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ColumnCompleter))]
    public string? StartColumn { get; set; }

    /// <summary>The column with the error; a row that has an error failed.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ColumnCompleter))]
    public string? ErrorColumn { get; set; }

    /// <summary>The columns that become members of each span's metadata.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ColumnCompleter))]
    public string[] MetadataColumn { get; set; } = [];

    /// <summary>The column that holds how long a row took.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ColumnCompleter))]
    public string? DurationColumn { get; set; }

    /// <summary>The unit of that column: ns, us, ms or s. Seen from the column's name (latency_ms) if it is not given.</summary>
    [Parameter]
    [ValidateSet("ns", "us", "ms", "s")]
    public string? DurationUnit { get; set; }

    /// <summary>Text that means "no value" in columns of metrics and durations. By default nan, None, null, N/A, #N/A, &lt;NA&gt; and -.</summary>
    [Parameter]
    [ValidateNotNull]
    [AllowEmptyCollection]
    public string[] MissingValue { get; set; } = [];

    /// <summary>The culture of numbers, of true and false, and of start times in text; without it, numbers have a point and no other mark.</summary>
    [Parameter]
    public System.Globalization.CultureInfo? Culture { get; set; }

    /// <summary>Columns whose text is JSON. All other text is sent as text.</summary>
    [Parameter]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(ColumnCompleter))]
    public string[] JsonColumn { get; set; } = [];

    /// <summary>The columns of JSON text; case does not matter.</summary>
    private protected IReadOnlySet<string> JsonColumns => JsonColumn.ToHashSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>The mapping from the column parameters; null if rows are events by their own names.</summary>
    private protected TableMapping? ToMapping()
    {
        bool isMetricsOnly = InputColumn.Length + OutputColumn.Length + ExpectedColumn.Length == 0;
        bool isTable = !isMetricsOnly || MetricColumn.Length > 0;
        if (!isTable && (IdColumn.Length > 0 || ReasoningColumn is not null || AssessmentColumn is not null || OfSpans.Any() || MetricType is not null))
        {
            Refuse($"{string.Join(", ", OfSpans.Prepend("-IdColumn"))} and -MetricType belong to a table, and nothing says what its columns are.", "Give at least one of -InputColumn, -OutputColumn, -ExpectedColumn, -MetricColumn.");
        }

        if (isTable && isMetricsOnly && IdColumn.Length == 0)
        {
            Refuse(
                "With -MetricColumn alone only metrics are sent, for existing spans, but nothing identifies a row's span.",
                "Give the -IdColumn of the spans; or -InputColumn, -OutputColumn or -ExpectedColumn to send spans, too.");
        }

        if (isTable && isMetricsOnly && OfSpans.FirstOrDefault() is string parameter)
        {
            Refuse($"{parameter} is for spans, but with -MetricColumn alone only metrics are sent.", "Leave it out, or give -InputColumn, -OutputColumn or -ExpectedColumn.");
        }

        bool areGiven = MyInvocation.BoundParameters.ContainsKey(nameof(MissingValue));
        return isTable ? new TableMapping
        {
            MissingValues = areGiven ? MissingValue : TableMapping.DefaultMissingValues,
            AreMissingValuesGiven = areGiven,
            Culture = Culture?.Name,
            InputColumns = InputColumn,
            OutputColumns = OutputColumn,
            ExpectedColumns = ExpectedColumn,
            MetricColumns = [.. ReadMetrics().Select(one => one.Column)],
            MetricLabels = ReadMetrics().Where(one => one.Label is not null).ToDictionary(one => one.Column, one => one.Label!, StringComparer.OrdinalIgnoreCase),
            ReasoningColumns = ReadBeside(ReasoningColumn, nameof(ReasoningColumn)),
            AssessmentColumns = ReadBeside(AssessmentColumn, nameof(AssessmentColumn)),
            MetricTypes = ReadTypes(),
            IdColumns = IdColumn,
            RecordIdColumn = RecordIdColumn,
            NameColumn = NameColumn,
            StartColumn = StartColumn,
            ErrorColumn = ErrorColumn,
            MetadataColumns = MetadataColumn,
            DurationColumn = DurationColumn,
            DurationUnit = DurationUnit,
            JsonColumns = JsonColumns,
        } : null;
    }

    // The parameters that were given for what only spans have.
    private IEnumerable<string> OfSpans =>
        new[] { nameof(DurationColumn), nameof(RecordIdColumn), nameof(NameColumn), nameof(StartColumn), nameof(ErrorColumn), nameof(MetadataColumn) }
            .Where(MyInvocation.BoundParameters.ContainsKey).Select(name => "-" + name);

    // Names, and hashtables of labels with their columns.
    private List<(string Column, string? Label)> ReadMetrics()
    {
        var found = new List<(string Column, string? Label)>();
        foreach (object item in MetricColumn)
        {
            if ((item is PSObject wrapped ? wrapped.BaseObject : item) is not IDictionary labels)
            {
                found.Add((LanguagePrimitives.ConvertTo<string>(item), null));
                continue;
            }

            foreach (DictionaryEntry entry in labels)
            {
                found.Add((LanguagePrimitives.ConvertTo<string>(entry.Value), LanguagePrimitives.ConvertTo<string>(entry.Key)));
            }
        }

        foreach (IGrouping<string, (string Column, string? Label)> twice in found.GroupBy(one => one.Column, StringComparer.OrdinalIgnoreCase).Where(column => column.Count() > 1 || column.Key.Length == 0))
        {
            Refuse($"-MetricColumn gives the column '{twice.Key}' {twice.Count()} times.", "Name each column once, with one label.");
        }

        return found;
    }

    private Dictionary<string, string> ReadBeside(object? given, string parameter)
    {
        object? bare = given is PSObject wrapped ? wrapped.BaseObject : given;
        var columns = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        switch (bare)
        {
            case null:
                break;
            case IDictionary byLabel:
                foreach (DictionaryEntry entry in byLabel)
                {
                    columns[LanguagePrimitives.ConvertTo<string>(entry.Key)] = LanguagePrimitives.ConvertTo<string>(entry.Value);
                }

                break;
            case string pattern when pattern.Contains('*', StringComparison.Ordinal) || ReadMetrics().Count == 1:
                columns["*"] = pattern;
                break;
            default:
                Refuse($"-{parameter} is one column, but there are several metrics.", $"Give a name in which * stands for the metric's label, as '*_reason', or -{parameter} @{{ label = 'column' }}.");
                break;
        }

        return columns;
    }

    private Dictionary<string, string> ReadTypes()
    {
        var types = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry entry in MetricType ?? new Hashtable())
        {
            string given = LanguagePrimitives.ConvertTo<string>(entry.Value);
            string? type = LlmObs.MetricType.All.FirstOrDefault(one => string.Equals(one, given, StringComparison.OrdinalIgnoreCase));
            if (type is null)
            {
                Refuse($"-MetricType gives '{entry.Key}' the type '{given}', which no metric has.", $"Known are {string.Join(", ", LlmObs.MetricType.All)}.{NearestWord.Ask(given, LlmObs.MetricType.All)}");
            }

            types[LanguagePrimitives.ConvertTo<string>(entry.Key)] = type!;
        }

        return types;
    }

    private void Refuse(string message, string action) =>
        ThrowTerminatingError(Failures.InvalidValue(new PSArgumentException(message), message, null, action));
}
