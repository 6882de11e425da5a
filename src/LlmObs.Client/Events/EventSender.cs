using System.Threading.Channels;

namespace LlmObs.Client;

/// <summary>
/// Sends batches, a few at once. The queue before the senders is short: where the service is slow, it fills, and whoever
/// makes batches waits, so that memory stays flat however long the source is.
/// </summary>
public sealed class EventSender : IAsyncDisposable
{
    private readonly LlmObsClient client;
    private readonly IEventObserver observer;
    private readonly CancellationTokenSource stopping = new();
    private readonly Channel<ReadyBatch> queue;
    private readonly int throttleLimit;
    private readonly List<Task> senders = [];

    /// <summary>Makes a sender; it starts work with the first batch.</summary>
    /// <param name="client">Sends the requests.</param>
    /// <param name="options">How many at once.</param>
    /// <param name="observer">Is told how it goes.</param>
    public EventSender(LlmObsClient client, SendOptions options, IEventObserver observer)
    {
        ArgumentNullException.ThrowIfNull(options);
        this.client = client;
        this.observer = observer;
        throttleLimit = options.ThrottleLimit;
        queue = Channel.CreateBounded<ReadyBatch>(new BoundedChannelOptions(options.ThrottleLimit) { SingleWriter = true });
    }

    /// <summary>Hands a batch over, waiting while the queue is full. The sender gives its buffers back.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>When there is room for it.</returns>
    public ValueTask EnqueueAsync(ReadyBatch batch, CancellationToken cancellation)
    {
        StartOne();
        return queue.Writer.WriteAsync(batch, cancellation);
    }

    /// <summary>Hands a batch over where there is room for it now.</summary>
    /// <param name="batch">The batch.</param>
    /// <returns>False where the queue is full; the batch is still the caller's then.</returns>
    public bool TryEnqueue(ReadyBatch batch)
    {
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
                    await SendRangeAsync(batch, 0, batch.Count).ConfigureAwait(false);
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

    private async Task SendRangeAsync(ReadyBatch batch, int first, int count)
    {
        EventStream stream = batch.Stream;
        if (stream.DeadEnd is LlmObsException known)
        {
            stream.Tally.Failed(count);
            Report(batch, first, count, known);
            return;
        }

        try
        {
            EventBody sent = await PushAsync(batch, first, count).ConfigureAwait(false);
            stream.Tally.Accepted(sent);
        }
        catch (LlmObsException e) when (e.Kind == FailureKind.PayloadTooLarge && count > 1)
        {
            // The limit is learnt once: further batches are made to fit what was too much, halved.
            stream.Tally.Split();
            var tooLarge = new EventBody(batch.Batch, first, count, EventTypeMemory.Documented);
            stream.MaxBytes = (int)Math.Min(stream.MaxBytes, Math.Max(1, tooLarge.Length / 2));
            await SendRangeAsync(batch, first, count / 2).ConfigureAwait(false);
            await SendRangeAsync(batch, first + (count / 2), count - (count / 2)).ConfigureAwait(false);
        }
        catch (LlmObsException e)
        {
            stream.Tally.Refused(count);
            Report(batch, first, count, e);
            if (e.Kind is FailureKind.Unauthorized or FailureKind.Forbidden or FailureKind.NotFound)
            {
                stream.DeadEnd = e;
            }
        }
    }

    private async Task<EventBody> PushAsync(ReadyBatch batch, int first, int count)
    {
        ReadOnlyMemory<byte> type = client.EventTypes.Current;
        var body = new EventBody(batch.Batch, first, count, type);
        try
        {
            await SendBodyAsync(batch.Stream, body).ConfigureAwait(false);
            client.EventTypes.Accepted(type);
            return body;
        }
        catch (LlmObsException e) when (e.StatusCode is 400 or 409)
        {
            EventBody? other = null;
            bool accepted = await client.EventTypes.TryOtherAsync(
                type,
                async word =>
                {
                    other = new EventBody(batch.Batch, first, count, word);
                    batch.Stream.Tally.Retried();
                    return await TrySendBodyAsync(batch.Stream, other).ConfigureAwait(false);
                },
                stopping.Token).ConfigureAwait(false);
            if (!accepted)
            {
                throw;
            }

            return other!;
        }
    }

    private async Task<bool> TrySendBodyAsync(EventStream stream, EventBody body)
    {
        try
        {
            await SendBodyAsync(stream, body).ConfigureAwait(false);
            return true;
        }
        catch (LlmObsException)
        {
            return false; // the first refusal is the one to report: it answers the documented form
        }
    }

    private Task<ApiAnswer> SendBodyAsync(EventStream stream, EventBody body) => client.Transport.SendAsync(
        new ApiRequest(HttpMethod.Post, stream.Path, body.ToContent, RepeatRule.AfterTransientFailure),
        new RetryCounter(observer, stream.Tally),
        stopping.Token);

    private void Report(ReadyBatch batch, int first, int count, LlmObsException failure)
    {
        EventBatch events = batch.Batch;
        var json = new string[count];
        for (int index = 0; index < count; index++)
        {
            json[index] = events.Json(first + index);
        }

        observer.OnFailed(new FailedEvents(
            batch.ExperimentId, failure, events.Events[first].Place, events.Events[first + count - 1].Place, json));
    }

    private sealed class RetryCounter(IEventObserver observer, EventTally tally) : IRequestObserver
    {
        public void OnAttempt(RequestAttempt attempt)
        {
            if (attempt.RetryAfter is not null)
            {
                tally.Retried();
            }

            observer.OnAttempt(attempt);
        }
    }
}
