namespace LlmObs.Evaluation.Results;

/// <summary>Rows that are at hand.</summary>
/// <param name="header">Which experiment they belong to.</param>
/// <param name="rows">The rows; of several for the same record and iteration the last counts.</param>
/// <param name="summaries">What the summary evaluators found.</param>
/// <param name="end">How the run ended.</param>
public sealed class ResultList(ResultHeader header, IReadOnlyList<ResultRow> rows, IReadOnlyList<ResultSummary> summaries, ResultEnd? end) : IResultRows
{
    /// <inheritdoc/>
    public ResultHeader Header => header;

    /// <summary>The same rows under the names of what they belong to.</summary>
    /// <param name="project">The project's name; null if it is not known.</param>
    /// <param name="dataset">The dataset's name; null if it is not known.</param>
    /// <returns>The rows; names that the header has stay.</returns>
    public ResultList Named(string? project, string? dataset) =>
        new(header with { ProjectName = header.ProjectName ?? project, DatasetName = header.DatasetName ?? dataset }, rows, summaries, end);

    /// <inheritdoc/>
    public ResultEnd? End => end;

    /// <inheritdoc/>
    public long RowCount => rows.Count;

    /// <inheritdoc/>
    public IReadOnlyList<ResultSummary> Summaries => summaries;

    /// <inheritdoc/>
    public IEnumerable<ResultRow> Rows() => rows.Select((row, index) => row with { Position = index });

    /// <inheritdoc/>
    public ResultRow ReadRow(long position) => rows[(int)position] with { Position = position };
}
