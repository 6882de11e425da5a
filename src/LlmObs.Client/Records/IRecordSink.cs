namespace LlmObs.Client.Records;

/// <summary>Takes the records that are found in rows.</summary>
public interface IRecordSink
{
    /// <summary>A row is a record.</summary>
    /// <param name="record">The record.</param>
    /// <param name="place">Where the row stands.</param>
    void Take(RecordText record, RowPlace place);

    /// <summary>A row is no record; the next one is read.</summary>
    /// <param name="place">Where it stands.</param>
    /// <param name="problem">What is wrong with it.</param>
    /// <param name="text">The row's text, where there is some.</param>
    void Reject(RowPlace place, EventRowException problem, string? text);

    /// <summary>Columns that are no field of a record, and are not sent; told once for all rows with them.</summary>
    /// <param name="source">The file; null for the pipeline.</param>
    /// <param name="names">Their names.</param>
    void Ignore(string? source, IReadOnlyList<string> names);

    /// <summary>Something that was taken as it is, and that people should know of.</summary>
    /// <param name="warning">A sentence.</param>
    void Warn(string warning);
}
