namespace LlmObs.Client.Records;

/// <summary>Is told by a <see cref="RecordIntake"/> how it goes. What is about a request is called from any thread.</summary>
public interface IRecordIntakeListener : IRequestObserver
{
    /// <summary>Rows are no records; they are counted as failed.</summary>
    /// <param name="rows">Which, and why.</param>
    void OnRefused(RefusedRecords rows);

    /// <summary>Columns that are no field of a record, and are not sent; each is named once.</summary>
    /// <param name="source">The file; null if the rows are of none.</param>
    /// <param name="names">Their names.</param>
    void OnIgnored(string? source, IReadOnlyList<string> names);

    /// <summary>Records did not get there.</summary>
    /// <param name="records">Which, and why.</param>
    void OnFailed(FailedRecords records);

    /// <summary>The service has written so many records of the file that is uploaded.</summary>
    /// <param name="count">How many so far.</param>
    void OnWritten(long count);

    /// <summary>Something that the user should know, and that is no failure of a record.</summary>
    /// <param name="message">What, in sentences.</param>
    void OnTrouble(string message);
}

/// <summary>Rows that are no records, for one reason.</summary>
/// <param name="Place">Where the row stands; of several the last.</param>
/// <param name="Problem">What is wrong with them.</param>
public sealed record RefusedRecords(RowPlace Place, EventRowException Problem)
{
    /// <summary>The row's text, if it is known.</summary>
    public string? Text { get; init; }

    /// <summary>How many they are.</summary>
    public long Count { get; init; } = 1;

    /// <summary>Whether rows before them had the same fault and were reported one by one; these were only counted.</summary>
    public bool AreRest { get; init; }
}

/// <summary>Records that failed with their request.</summary>
/// <param name="DatasetId">Where they were to go.</param>
/// <param name="Failure">Why they are not there.</param>
/// <param name="Json">The records, a JSON text each, as they can be added again.</param>
public sealed record FailedRecords(string DatasetId, LlmObsException Failure, IReadOnlyList<string> Json)
{
    /// <summary>The row of the first; null for an uploaded file.</summary>
    public RowPlace? First { get; init; }

    /// <summary>The row of the last; null for an uploaded file.</summary>
    public RowPlace? Last { get; init; }
}
