namespace LlmObs.Client.Records;

/// <summary>
/// Which columns of rows become which fields of records. Without one, columns are fields by their names: <c>input</c>,
/// <c>expected_output</c>, <c>metadata</c>, <c>id</c>, <c>tags</c>.
/// </summary>
public sealed record RecordMapping
{
    /// <summary>The columns that become the input: one as its value, several as an object of them.</summary>
    public IReadOnlyList<string> InputColumns { get; init => field = ColumnName.Of(value); } = [];

    /// <summary>The columns that become the expected output: one as its value, several as an object of them.</summary>
    public IReadOnlyList<string> ExpectedColumns { get; init => field = ColumnName.Of(value); } = [];

    /// <summary>The columns that become members of the metadata.</summary>
    public IReadOnlyList<string> MetadataColumns { get; init => field = ColumnName.Of(value); } = [];

    /// <summary>The column that holds the record's own id; null for ids that the service makes.</summary>
    public string? IdColumn { get; init => field = value is null ? null : ColumnName.Of(value); }

    /// <summary>
    /// True if the CSV file of an export is recognised by its columns (<c>id</c>, <c>input</c>, <c>expected_output</c>, <c>metadata</c>), so
    /// that cells with JSON are parsed as the service wrote them.
    /// </summary>
    public bool ReadsExports { get; init; }

    /// <summary>All columns that are named.</summary>
    internal IReadOnlyList<string> Named =>
        [.. InputColumns.Concat(ExpectedColumns).Concat(MetadataColumns).Concat(IdColumn is null ? [] : [IdColumn]).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>True if any column is named; else fields go by their names.</summary>
    public bool IsGiven => InputColumns.Count + ExpectedColumns.Count + MetadataColumns.Count > 0 || IdColumn is not null;
}
