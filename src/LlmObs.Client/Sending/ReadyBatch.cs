using System.Text;

namespace LlmObs.Client.Sending;

/// <summary>A batch that is ready to be sent, and can be shown before it is.</summary>
public sealed class ReadyBatch : IDisposable
{
    private readonly EventBatch _batch;
    private bool _isLeft;

    internal ReadyBatch(EventBatcher stream, EventBatch batch)
    {
        Stream = stream;
        _batch = batch;
    }

    /// <summary>The number of events.</summary>
    public int Count => _batch.Count;

    /// <summary>The experiment.</summary>
    public string ExperimentId => Stream.ExperimentId;

    /// <summary>Warnings about its events, and those before, that the service may refuse.</summary>
    public EventWarnings Warnings => Stream.Warnings;

    internal EventBatcher Stream { get; }

    internal EventBatch Batch => _batch;

    /// <summary>Its number among the sender's batches, once it was handed over.</summary>
    internal long Number { get; set; }

    /// <summary>True if a spool is to keep it, and does not yet.</summary>
    internal bool IsSpooled => Stream.Spool is not null && Spooled is null;

    /// <summary>Its file in the spool, once it has one.</summary>
    internal SpoolEntry? Spooled { get; set; }

    /// <summary>The events, a JSON text each.</summary>
    /// <returns>The texts, in order.</returns>
    public IReadOnlyList<string> ToJson() => [.. Enumerable.Range(0, _batch.Count).Select(_batch.Json)];

    /// <summary>The body as it would be sent, cut short.</summary>
    /// <param name="mostBytes">The most bytes to show.</param>
    /// <returns>JSON text; if it was cut, an ellipsis and the size of the whole.</returns>
    public string Preview(int mostBytes)
    {
        var body = new EventBody(BatchSlice.AllOf(_batch), DataTypeNegotiation.Documented);
        string head = Encoding.UTF8.GetString(body.Head(mostBytes)).TrimEnd('\uFFFD');
        return body.Length <= mostBytes
            ? head
            : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{head}… ({body.SpanCount} spans and {body.MetricCount} metrics, {body.Length} bytes in all)");
    }

    /// <summary>The first and the last event's rows.</summary>
    /// <returns>Their places.</returns>
    public (RowPlace First, RowPlace Last) Places() => (_batch.Events[0].Place, _batch.Events[^1].Place);

    /// <summary>The rows of its events.</summary>
    /// <returns>Their places, one for each event.</returns>
    public IReadOnlyList<RowPlace> Rows() => [.. _batch.Events.Select(one => one.Place)];

    /// <summary>Says that it is not to be sent, so that a spool does not wait for it.</summary>
    /// <exception cref="SpoolException">That could not be written down.</exception>
    public void LeaveOut() => Stream.Spool?.LeaveOut(_batch);

    /// <summary>A thread that waits for a disk still has it: its buffers are not given to others.</summary>
    internal void LeaveToDisk() => _isLeft = true;

    /// <summary>Returns the buffers; the batch can't be sent afterwards.</summary>
    public void Dispose()
    {
        if (!_isLeft)
        {
            _batch.Dispose();
        }
    }
}
