namespace LlmObs.Client.Tables;

/// <summary>
/// How the columns of an evaluation table - one row a question, its scores in columns - become spans and metrics: one span
/// a row, and one metric a row and metric column.
/// </summary>
public sealed record TableMapping
{
    /// <summary>The column that becomes the span's input.</summary>
    public string? InputColumn { get; init; }

    /// <summary>The column that becomes the span's output.</summary>
    public string? OutputColumn { get; init; }

    /// <summary>The column that becomes the span's expected output.</summary>
    public string? ExpectedColumn { get; init; }

    /// <summary>The columns that become metrics, each under its own name as label.</summary>
    public IReadOnlyList<string> MetricColumns { get; init; } = [];

    /// <summary>The types of metric columns that must not be guessed, by column: see <see cref="MetricType"/>.</summary>
    public IReadOnlyDictionary<string, string> MetricTypes { get; init; } = new Dictionary<string, string>();

    /// <summary>The column that tells rows apart; without it their content does.</summary>
    public string? IdColumn { get; init; }

    /// <summary>The column that holds the id of the dataset's record that the row is about.</summary>
    public string? RecordIdColumn { get; init; }

    /// <summary>The column that becomes the span's name; where it is blank, the name is that of the input's column.</summary>
    public string? NameColumn { get; init; }

    /// <summary>The column that says when the row began.</summary>
    public string? StartColumn { get; init; }

    /// <summary>The column that says what went wrong: text, or an object with message, type and stack. A row that has one failed.</summary>
    public string? ErrorColumn { get; init; }

    /// <summary>The columns that become members of the span's metadata.</summary>
    public IReadOnlyList<string> MetadataColumns { get; init; } = [];

    /// <summary>The column that holds how long the row took.</summary>
    public string? DurationColumn { get; init; }

    /// <summary>The unit of that column: ns, us, ms or s; null to see it from the column's name (<c>latency_ms</c>).</summary>
    public string? DurationUnit { get; init; }

    /// <summary>All columns that are named.</summary>
    internal IReadOnlyList<string> Named =>
        [.. new[] { InputColumn, OutputColumn, ExpectedColumn, IdColumn, DurationColumn, RecordIdColumn, NameColumn, StartColumn, ErrorColumn }
            .OfType<string>().Concat(MetricColumns).Concat(MetadataColumns).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>Text that stands for "no value" in columns of metrics and durations; case does not matter.</summary>
    public IReadOnlyList<string> MissingValues { get; init; } = DefaultMissingValues;

    /// <summary>Whether <see cref="MissingValues"/> was given by the user: then it holds for categories, too.</summary>
    public bool AreMissingValuesGiven { get; init; }

    /// <summary>
    /// The culture that numbers in text are written in, with its marks for decimals, thousands, currency and percent; null
    /// where they have a point as decimal mark and nothing else.
    /// </summary>
    public string? Culture { get; init; }

    /// <summary>What other tools write for "no value".</summary>
    public static IReadOnlyList<string> DefaultMissingValues { get; } = ["nan", "None", "null", "N/A", "#N/A", "<NA>", "-"];

    /// <summary>Whether no column is a span's, so that only metrics are sent, for spans that were sent before.</summary>
    public bool IsMetricsOnly => InputColumn is null && OutputColumn is null && ExpectedColumn is null;

    /// <summary>Columns whose text is JSON; case does not matter.</summary>
    public IReadOnlySet<string> JsonColumns { get; init; } = new HashSet<string>();
}
