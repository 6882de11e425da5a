namespace LlmObs.Client.Records;

/// <summary>Takes the records that are found in rows.</summary>
public interface IRecordSink
{
    /// <summary>A row is a record.</summary>
    /// <param name="place">The place of the row.</param>
    void Take(RecordText record, RowPlace place);

    /// <summary>A row is no record; the next one is read.</summary>
    /// <param name="text">The row's text, if there is some.</param>
    void Reject(RowPlace place, EventRowException problem, string? text);

    /// <summary>Columns that are not fields of a record, and are not sent; reported once for all rows with them.</summary>
    /// <param name="source">The file; null for the pipeline.</param>
    void Ignore(string? source, IReadOnlyList<string> names);

    /// <summary>Something that was taken as it is, and that people should know of.</summary>
    /// <param name="warning">A sentence.</param>
    void Warn(string warning);
}
