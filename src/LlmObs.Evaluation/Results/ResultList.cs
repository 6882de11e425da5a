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
