using System.Threading.Channels;

namespace LlmObs.Client.Sending;

/// <summary>
/// Sends batches, a few at once. The queue before the senders is short: where the service is slow, it fills, and whoever
/// makes batches waits, so that memory stays flat however long the source is.
/// </summary>
public sealed class EventSender : IAsyncDisposable
{
    private readonly IEventObserver observer;
    private readonly EventPush push;
    private readonly GatheredFailures failures;
    private readonly CancellationTokenSource stopping = new();
    private readonly Channel<ReadyBatch> queue;
    private readonly int throttleLimit;
    private readonly List<Task> senders = [];
    private long handedOver;

    /// <summary>Makes a sender; it starts work with the first batch.</summary>
    /// <param name="client">Sends the requests.</param>
    /// <param name="options">How many at once.</param>
    /// <param name="observer">Is told how it goes.</param>
    public EventSender(LlmObsClient client, SendOptions options, IEventObserver observer)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        this.observer = observer;
        failures = new GatheredFailures(observer);
        push = new EventPush(client, observer, stopping.Token);
        throttleLimit = options.ThrottleLimit;
        queue = Channel.CreateBounded<ReadyBatch>(new BoundedChannelOptions(options.ThrottleLimit) { SingleWriter = true });
    }

    /// <summary>Hands a batch over, waiting while the queue is full. The sender gives its buffers back.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>When there is room for it.</returns>
    /// <exception cref="SpoolException">It could not be kept; it is still the caller's, and is not sent.</exception>
    public ValueTask EnqueueAsync(ReadyBatch batch, CancellationToken cancellation)
    {
        Keep(batch);
        StartOne();
        return queue.Writer.WriteAsync(batch, cancellation);
    }

    /// <summary>Hands a batch over where there is room for it now.</summary>
    /// <param name="batch">The batch.</param>
    /// <returns>False where the queue is full; the batch is still the caller's then.</returns>
    /// <exception cref="SpoolException">It could not be kept; it is still the caller's, and is not sent.</exception>
    public bool TryEnqueue(ReadyBatch batch)
    {
        Keep(batch);
        StartOne();
        return queue.Writer.TryWrite(batch);
    }

    /// <summary>Waits until everything that was handed over is answered.</summary>
    /// <param name="cancellation">Ends the waiting; <see cref="DisposeAsync"/> ends the requests.</param>
    /// <returns>When nothing is under way any more.</returns>
    public async Task CompleteAsync(CancellationToken cancellation)
    {
        queue.Writer.TryComplete();
        await Task.WhenAll(senders).WaitAsync(cancellation).ConfigureAwait(false);
        failures.Tell();
    }

    /// <summary>Ends requests that are under way, and drops what is queued.</summary>
    /// <returns>When nothing is under way any more.</returns>
    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await stopping.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(senders).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (queue.Reader.TryRead(out ReadyBatch? left))
        {
            left.Dispose();
        }

        stopping.Dispose();
    }

    /// <summary>From here on the events outlive the process.</summary>
    private void Keep(ReadyBatch batch)
    {
        batch.Spooled ??= batch.Stream.Spool?.Add(batch.Batch);
        batch.Number = batch.Number > 0 ? batch.Number : ++handedOver;
    }

    private void StartOne()
    {
        if (senders.Count < throttleLimit)
        {
            senders.Add(Task.Run(SendAllAsync, CancellationToken.None));
        }
    }

    private async Task SendAllAsync()
    {
        try
        {
            await foreach (ReadyBatch batch in queue.Reader.ReadAllAsync(stopping.Token).ConfigureAwait(false))
            {
                using (batch)
                {
                    await new BatchDelivery(push, observer, failures, batch).RunAsync().ConfigureAwait(false);
                }
            }
        }
        catch (Exception e)
        {
            // Nobody may wait for room in a queue that nobody empties any more.
            queue.Writer.TryComplete(e);
            throw;
        }
    }
}
