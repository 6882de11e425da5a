namespace LlmObs.Client.Sending;

/// <summary>
/// Is told by an upload how it goes. <see cref="OnBatch"/>, <see cref="OnRefused"/> and <see cref="OnIgnored(string, IReadOnlyList{string})"/>
/// are called on the thread that adds the rows, the others on any.
/// </summary>
public interface IUploadListener : IEventObserver
{
    /// <summary>A batch is full. No other row is added meanwhile.</summary>
    /// <param name="batch">The batch, to be shown.</param>
    /// <returns>Whether it is to be sent; it counts as done if not.</returns>
    bool OnBatch(ReadyBatch batch) => true;

    /// <summary>A spool has a batch: from here on its events outlive the process. Called on any thread.</summary>
    /// <param name="batch">The batch.</param>
    void OnKept(ReadyBatch batch)
    {
    }

    /// <summary>Rows can't be sent; they are counted as failed.</summary>
    /// <param name="rows">Which, and why.</param>
    void OnRefused(RefusedRows rows);

    /// <summary>Columns or members that are no field of an event, and are not sent; each is named once.</summary>
    /// <param name="source">The file; null if the rows are of none.</param>
    /// <param name="names">Their names.</param>
    void OnIgnored(string? source, IReadOnlyList<string> names)
    {
    }

    /// <summary>A column or member that holds something, and is not sent for a reason of its own; it is named once.</summary>
    /// <param name="source">The file; null if the rows are of none.</param>
    /// <param name="name">Its name.</param>
    /// <param name="why">The reason, as the end of a sentence that begins with the name.</param>
    void OnIgnored(string? source, string name, string why)
    {
    }
}

/// <summary>Rows that can't be sent, for one reason.</summary>
/// <param name="ExperimentId">Where they were to go.</param>
/// <param name="Place">Where the row stands; of several rows the first, of <see cref="AreRest"/> the last.</param>
/// <param name="Problem">What is wrong with them.</param>
public sealed record RefusedRows(string ExperimentId, RowPlace Place, EventRowException Problem)
{
    /// <summary>The row's text, if it is known.</summary>
    public string? Text { get; init; }

    /// <summary>How many they are.</summary>
    public long Count { get; init; } = 1;

    /// <summary>Whether rows before them had the same fault and were reported one by one; these were only counted.</summary>
    public bool AreRest { get; init; }
}
