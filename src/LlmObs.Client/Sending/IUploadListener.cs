namespace LlmObs.Client.Sending;

/// <summary>
/// Receives the progress of an upload. <see cref="OnBatch"/>, <see cref="OnRefused"/> and <see cref="OnIgnored(string, IReadOnlyList{string})"/>
/// are called on the thread that adds the rows, the others on any.
/// </summary>
public interface IUploadListener : IEventObserver
{
    /// <summary>A batch is full. No other row is added meanwhile.</summary>
    /// <param name="batch">The batch, to be shown.</param>
    /// <returns>True if it is to be sent; otherwise it counts as done.</returns>
    bool OnBatch(ReadyBatch batch) => true;

    /// <summary>A spool has a batch: from here on its events outlive the process. Called on any thread.</summary>
    void OnKept(ReadyBatch batch)
    {
    }

    /// <summary>Rows can't be sent; they are counted as failed.</summary>
    /// <param name="rows">Which, and why.</param>
    void OnRefused(RefusedRows rows);

    /// <summary>Columns or members that are no field of an event, and are not sent; each is named once.</summary>
    /// <param name="source">The file; null if the rows are of none.</param>
    void OnIgnored(string? source, IReadOnlyList<string> names)
    {
    }

    /// <summary>A column or member that holds something, and is not sent for a reason of its own; it is named once.</summary>
    /// <param name="source">The file; null if the rows are of none.</param>
    /// <param name="why">The reason, as the end of a sentence that begins with the name.</param>
    void OnIgnored(string? source, string name, string why)
    {
    }
}

/// <summary>Rows that can't be sent, for one reason.</summary>
/// <param name="ExperimentId">Their experiment.</param>
/// <param name="Place">The place of the row; of several rows the first, of <see cref="AreRest"/> the last.</param>
public sealed record RefusedRows(string ExperimentId, RowPlace Place, EventRowException Problem)
{
    /// <summary>The row's text, if it is known.</summary>
    public string? Text { get; init; }

    /// <summary>The number of rows.</summary>
    public long Count { get; init; } = 1;

    /// <summary>True if rows before them had the same fault and were reported one by one; these were only counted.</summary>
    public bool AreRest { get; init; }
}
