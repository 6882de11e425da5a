namespace LlmObs.Client.Rows;

/// <summary>Accepts the rows that a reader finds.</summary>
public interface IEventRowSink
{
    /// <summary>A row was read; it is current until the call returns.</summary>
    /// <param name="kind">Its kind, if its place determines it (an element of a <c>spans</c> list); otherwise null.</param>
    /// <returns>True if it was accepted; otherwise the sink has reported the reason.</returns>
    bool Accept(EventRow row, EventKind? kind);

    /// <summary>Reports the columns of a file, even if no rows follow.</summary>
    /// <param name="columns">Their names.</param>
    /// <exception cref="EventRowException">They can't be taken: no row of the file can be read.</exception>
    void SeeColumns(IReadOnlyList<string> columns)
    {
    }

    /// <summary>A row could not be read; the reader goes on with the next one.</summary>
    /// <param name="text">The row's text, if there is some.</param>
    void Reject(RowPlace place, EventRowException problem, string? text);

    /// <summary>Columns or members that are no field of an event, and are not sent.</summary>
    /// <param name="source">The file; null for the pipeline.</param>
    void Ignore(string? source, IReadOnlyList<string> names);

    /// <summary>A column or member that holds something, and is not sent for a reason of its own.</summary>
    /// <param name="source">The file; null for the pipeline.</param>
    /// <param name="why">The reason, as the end of a sentence that begins with the name.</param>
    void Ignore(string? source, string name, string why) => Ignore(source, [name]);

    /// <summary>Several rows could not be read, for one and the same reason.</summary>
    /// <param name="first">The place of the first one.</param>
    /// <param name="count">The number of rows.</param>
    void Reject(RowPlace first, long count, EventRowException problem) => Reject(first, problem, text: null);

    /// <summary>Something that was taken as it is, and that people should know of.</summary>
    /// <param name="warning">A sentence.</param>
    void Warn(string warning);
}
