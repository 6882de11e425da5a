namespace LlmObs.Client.Rows;

/// <summary>Takes what a reader finds, row by row.</summary>
public interface IEventRowSink
{
    /// <summary>A row was read; it is current until the call returns.</summary>
    /// <param name="row">The row.</param>
    /// <param name="kind">What it is, where its place says so (an element of a <c>spans</c> list); else null.</param>
    /// <returns>Whether it was taken; where not, the sink has said why.</returns>
    bool Accept(EventRow row, EventKind? kind);

    /// <summary>A file has these columns, whether or not rows follow.</summary>
    /// <param name="columns">Their names.</param>
    /// <exception cref="EventRowException">They can't be taken: no row of the file can be read.</exception>
    void SeeColumns(IReadOnlyList<string> columns)
    {
    }

    /// <summary>A row could not be read; the reader goes on with the next one.</summary>
    /// <param name="place">Where it stands.</param>
    /// <param name="problem">What is wrong with it.</param>
    /// <param name="text">The row's text, where there is some.</param>
    void Reject(RowPlace place, EventRowException problem, string? text);

    /// <summary>Columns or members that are no field of an event, and are not sent.</summary>
    /// <param name="source">The file; null for the pipeline.</param>
    /// <param name="names">Their names.</param>
    void Ignore(string? source, IReadOnlyList<string> names);

    /// <summary>A column or member that holds something, and is not sent for a reason of its own.</summary>
    /// <param name="source">The file; null for the pipeline.</param>
    /// <param name="name">Its name.</param>
    /// <param name="why">The reason, as the end of a sentence that begins with the name.</param>
    void Ignore(string? source, string name, string why) => Ignore(source, [name]);

    /// <summary>Several rows could not be read, for one and the same reason.</summary>
    /// <param name="first">Where the first one stands.</param>
    /// <param name="count">How many they are.</param>
    /// <param name="problem">What is wrong with them.</param>
    void Reject(RowPlace first, long count, EventRowException problem) => Reject(first, problem, text: null);

    /// <summary>Something that was taken as it is, and that people should know of.</summary>
    /// <param name="warning">A sentence.</param>
    void Warn(string warning);
}
