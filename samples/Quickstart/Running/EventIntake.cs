using LlmObs.Client.Rows;
using LlmObs.Client.Sending;

namespace LlmObs.Quickstart.Running;

/// <summary>Takes rows of a file into a stream of events, and keeps the batches that are full.</summary>
internal sealed class EventIntake(EventStream stream) : IEventRowSink
{
    private readonly List<ReadyBatch> batches = [];

    public bool Accept(EventRow row, EventKind? kind)
    {
        Keep(stream.Add(row, kind));
        return true;
    }

    public void Reject(RowPlace place, EventRowException problem, string? text) =>
        throw new QuickstartException($"{place}: {problem.Message}.");

    public void Ignore(string? source, IReadOnlyList<string> names) =>
        throw new QuickstartException($"{source} has columns that are not sent: {string.Join(", ", names)}.");

    /// <summary>All batches, the one that is not full included.</summary>
    public IReadOnlyList<ReadyBatch> Finish()
    {
        Keep(stream.Flush());
        return batches;
    }

    private void Keep(ReadyBatch? batch)
    {
        if (batch is not null)
        {
            batches.Add(batch);
        }
    }
}
