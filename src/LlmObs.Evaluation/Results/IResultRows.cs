namespace LlmObs.Evaluation.Results;

/// <summary>The rows of a run, wherever they are: in a result file, at hand, or read back from the service.</summary>
public interface IResultRows
{
    /// <summary>Which experiment the rows belong to.</summary>
    ResultHeader Header { get; }

    /// <summary>How the run ended; null if it was cut off, or is not known.</summary>
    ResultEnd? End { get; }

    /// <summary>How many rows there are, replaced ones not counted.</summary>
    long RowCount { get; }

    /// <summary>What the summary evaluators found, one for each iteration.</summary>
    IReadOnlyList<ResultSummary> Summaries { get; }

    /// <summary>Reads the rows in the order in which they were finished. May be called again.</summary>
    /// <returns>The rows; one is made when it is asked for.</returns>
    /// <exception cref="ResultFileException">A line of a file can't be read.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    IEnumerable<ResultRow> Rows();

    /// <summary>Reads one row again.</summary>
    /// <param name="position">Its <see cref="ResultRow.Position"/>.</param>
    /// <returns>The row.</returns>
    /// <exception cref="ResultFileException">The file has changed, and there is no row any more.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    ResultRow ReadRow(long position);
}
