using System.Threading.Channels;

namespace LlmObs.Client.Sending;

/// <summary>
/// Sends batches, a few at once. The queue before the senders is short: if the service is slow, it fills, and the caller who
/// makes batches waits, so that memory stays flat however long the source is.
/// </summary>
public sealed class EventSender : IAsyncDisposable
{
    private readonly IEventObserver _observer;
    private readonly EventsRequest _push;
    private readonly GatheredFailures _failures;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Channel<ReadyBatch> _queue;
    private readonly int _throttleLimit;
    private readonly List<Task> _senders = [];
    private long _handedOver;

    /// <summary>Makes a sender; it starts work with the first batch.</summary>
    /// <param name="client">Sends the requests.</param>
    /// <param name="options">The number of senders.</param>
    /// <param name="observer">Receives the progress.</param>
    public EventSender(LlmObsClient client, SendOptions options, IEventObserver observer)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        _observer = observer;
        _failures = new GatheredFailures(observer);
        _push = new EventsRequest(client, observer, _stopping.Token);
        _throttleLimit = options.ThrottleLimit;
        _queue = Channel.CreateBounded<ReadyBatch>(options.ThrottleLimit);
    }

    /// <summary>Hands a batch over, waiting while the queue is full. The sender gives its buffers back.</summary>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>When there is room for it.</returns>
    /// <exception cref="SpoolException">It could not be kept; it is still the caller's, and is not sent.</exception>
    public ValueTask EnqueueAsync(ReadyBatch batch, CancellationToken cancellation)
    {
        Keep(batch);
        StartOne();
        return _queue.Writer.WriteAsync(batch, cancellation);
    }

    /// <summary>Hands a batch over if there is room for it now.</summary>
    /// <returns>False if the queue is full; the batch then still belongs to the caller.</returns>
    /// <exception cref="SpoolException">It could not be kept; it is still the caller's, and is not sent.</exception>
    public bool TryEnqueue(ReadyBatch batch)
    {
        Keep(batch);
        StartOne();
        return _queue.Writer.TryWrite(batch);
    }

    /// <summary>Waits until there is room in the queue.</summary>
    /// <exception cref="ChannelClosedException">Nothing can be handed over any more.</exception>
    internal async Task WaitForRoomAsync(CancellationToken cancellation)
    {
        if (!await _queue.Writer.WaitToWriteAsync(cancellation).ConfigureAwait(false))
        {
            throw new ChannelClosedException();
        }
    }

    /// <summary>Waits until everything that was handed over is answered.</summary>
    /// <param name="cancellation">Ends the waiting; <see cref="DisposeAsync"/> ends the requests.</param>
    /// <returns>When nothing is under way any more.</returns>
    public async Task CompleteAsync(CancellationToken cancellation)
    {
        _queue.Writer.TryComplete();
        await Task.WhenAll(_senders).WaitAsync(cancellation).ConfigureAwait(false);
        _failures.TellAll();
    }

    /// <summary>Ends requests that are under way, and drops queued batches.</summary>
    /// <returns>When nothing is under way any more.</returns>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _stopping.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_senders).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (_queue.Reader.TryRead(out ReadyBatch? left))
        {
            left.Dispose();
        }

        _stopping.Dispose();
    }

    /// <summary>From here on the events outlive the process.</summary>
    /// <exception cref="SpoolException">They could not be kept; the batch is still the caller's.</exception>
    internal void Keep(ReadyBatch batch)
    {
        batch.Spooled ??= batch.Stream.Spool?.Add(batch.Batch);
        batch.Number = batch.Number > 0 ? batch.Number : ++_handedOver;
    }

    private void StartOne()
    {
        if (_senders.Count < _throttleLimit)
        {
            _senders.Add(Task.Run(SendAllAsync, CancellationToken.None));
        }
    }

    private async Task SendAllAsync()
    {
        try
        {
            await foreach (ReadyBatch batch in _queue.Reader.ReadAllAsync(_stopping.Token).ConfigureAwait(false))
            {
                using (batch)
                {
                    await new BatchDelivery(_push, _observer, _failures, batch, _stopping.Token).RunAsync().ConfigureAwait(false);
                }
            }
        }
        catch (Exception e)
        {
            // Nobody may wait for room in a queue that is no longer emptied.
            _queue.Writer.TryComplete(e);
            throw;
        }
    }
}

/// <summary>Options for batches and their sending.</summary>
public sealed record SendOptions
{
    /// <summary>The most events of a request.</summary>
    public int BatchSize { get; init; } = 1000;

    /// <summary>The most bytes of a request's body; a single event over it is sent alone.</summary>
    public int MaxBatchBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>The most requests under way at once.</summary>
    public int ThrottleLimit { get; init; } = 4;

    /// <exception cref="ArgumentOutOfRangeException">A value is not positive.</exception>
    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(BatchSize, nameof(BatchSize));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxBatchBytes, nameof(MaxBatchBytes));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ThrottleLimit, nameof(ThrottleLimit));
    }
}

/// <summary>Receives the progress of sending. Called from any thread.</summary>
public interface IEventObserver : IRequestObserver
{
    /// <summary>Events did not get there.</summary>
    /// <param name="events">Which, and why.</param>
    void OnFailed(UndeliveredEvents events);

    /// <summary>The service took events.</summary>
    /// <param name="rows">The places of their rows, one for each event.</param>
    void OnAccepted(IReadOnlyList<RowPlace> rows)
    {
    }

    /// <summary>True if the observer needs the accepted events.</summary>
    bool WantsAccepted => false;

    /// <summary>
    /// A request failed, and it is not known yet how far that reaches: <see cref="OnFailed"/> follows when something is accepted
    /// again, or when everything is answered.
    /// </summary>
    void OnFailing()
    {
    }

    /// <summary>Something that the user should know, and that is no failure of an event.</summary>
    /// <param name="message">The message, in sentences.</param>
    void OnTrouble(string message)
    {
    }
}
