namespace LlmObs.Client.Sending.Spool;

/// <summary>A <see cref="TableMapping"/> as it stands in a record.</summary>
public sealed record SpoolTable
{
    /// <summary>The column of the input.</summary>
    public string? InputColumn { get; init; }

    /// <summary>The column of the output.</summary>
    public string? OutputColumn { get; init; }

    /// <summary>The column of the expected output.</summary>
    public string? ExpectedColumn { get; init; }

    /// <summary>The columns of metrics.</summary>
    public IReadOnlyList<string> MetricColumns { get; init; } = [];

    /// <summary>Their types, where they were given.</summary>
    public IReadOnlyDictionary<string, string> MetricTypes { get; init; } = new Dictionary<string, string>();

    /// <summary>The column of the dataset's record.</summary>
    public string? RecordIdColumn { get; init; }

    /// <summary>The column of the span's name.</summary>
    public string? NameColumn { get; init; }

    /// <summary>The column of the start.</summary>
    public string? StartColumn { get; init; }

    /// <summary>The column of errors.</summary>
    public string? ErrorColumn { get; init; }

    /// <summary>The columns of metadata.</summary>
    public IReadOnlyList<string> MetadataColumns { get; init; } = [];

    /// <summary>Their labels.</summary>
    public IReadOnlyDictionary<string, string> MetricLabels { get; init; } = new Dictionary<string, string>();

    /// <summary>The columns of reasoning.</summary>
    public IReadOnlyDictionary<string, string> ReasoningColumns { get; init; } = new Dictionary<string, string>();

    /// <summary>The columns of assessment.</summary>
    public IReadOnlyDictionary<string, string> AssessmentColumns { get; init; } = new Dictionary<string, string>();

    /// <summary>The columns that tell rows apart.</summary>
    public IReadOnlyList<string> IdColumns { get; init; } = [];

    /// <summary>The column of durations.</summary>
    public string? DurationColumn { get; init; }

    /// <summary>Their unit.</summary>
    public string? DurationUnit { get; init; }

    /// <summary>Text for "no value".</summary>
    public IReadOnlyList<string> MissingValues { get; init; } = TableMapping.DefaultMissingValues;

    /// <summary>Whether that was given.</summary>
    public bool AreMissingValuesGiven { get; init; }

    /// <summary>The culture of numbers.</summary>
    public string? Culture { get; init; }

    /// <summary>A mapping, to be kept.</summary>
    /// <param name="mapping">The mapping.</param>
    /// <returns>The same, as it stands in a record.</returns>
    public static SpoolTable Of(TableMapping mapping)
    {
        ArgumentNullException.ThrowIfNull(mapping);
        return new SpoolTable
        {
            InputColumn = mapping.InputColumn,
            OutputColumn = mapping.OutputColumn,
            ExpectedColumn = mapping.ExpectedColumn,
            MetricColumns = mapping.MetricColumns,
            MetricTypes = mapping.MetricTypes,
            RecordIdColumn = mapping.RecordIdColumn,
            NameColumn = mapping.NameColumn,
            StartColumn = mapping.StartColumn,
            ErrorColumn = mapping.ErrorColumn,
            MetadataColumns = mapping.MetadataColumns,
            IdColumns = mapping.IdColumns,
            MetricLabels = mapping.MetricLabels,
            ReasoningColumns = mapping.ReasoningColumns,
            AssessmentColumns = mapping.AssessmentColumns,
            DurationColumn = mapping.DurationColumn,
            DurationUnit = mapping.DurationUnit,
            MissingValues = mapping.MissingValues,
            AreMissingValuesGiven = mapping.AreMissingValuesGiven,
            Culture = mapping.Culture,
        };
    }

    /// <summary>The mapping that was kept.</summary>
    /// <param name="jsonColumns">The columns whose text is JSON.</param>
    /// <returns>The mapping.</returns>
    public TableMapping ToMapping(IEnumerable<string> jsonColumns) => new()
    {
        InputColumn = InputColumn,
        OutputColumn = OutputColumn,
        ExpectedColumn = ExpectedColumn,
        MetricColumns = MetricColumns,
        MetricTypes = new Dictionary<string, string>(MetricTypes, StringComparer.OrdinalIgnoreCase),
        RecordIdColumn = RecordIdColumn,
        NameColumn = NameColumn,
        StartColumn = StartColumn,
        ErrorColumn = ErrorColumn,
        MetadataColumns = MetadataColumns,
        IdColumns = IdColumns,
        MetricLabels = new Dictionary<string, string>(MetricLabels, StringComparer.OrdinalIgnoreCase),
        ReasoningColumns = ReasoningColumns,
        AssessmentColumns = AssessmentColumns,
        DurationColumn = DurationColumn,
        DurationUnit = DurationUnit,
        MissingValues = MissingValues,
        AreMissingValuesGiven = AreMissingValuesGiven,
        Culture = Culture,
        JsonColumns = jsonColumns.ToHashSet(StringComparer.OrdinalIgnoreCase),
    };
}
