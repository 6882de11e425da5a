namespace LlmObs.Client.Sending;

/// <summary>
/// Full batches of an upload, in line: a spool keeps them one after the other, in the order in which they were filled, since that
/// is the order in which they are numbered; then the senders get them as they have room.
/// </summary>
/// <param name="sender">Gets the batches.</param>
/// <param name="listener">Receives those that are kept.</param>
/// <param name="gate">The upload's.</param>
/// <param name="onLost">Is called at the gate if a batch could not be kept.</param>
internal sealed class HeldBatches(EventSender sender, IUploadListener listener, Lock gate, Action onLost) : IAsyncDisposable
{
    private readonly Queue<Held> _held = [];
    private readonly SemaphoreSlim _keeping = new(1);
    private volatile bool _any;

    /// <summary>True if any batch is held.</summary>
    public bool Any => _any;

    /// <summary>Takes a batch, and hands it over at once if no spool keeps it and the senders have room. The caller is at the gate.</summary>
    /// <param name="isWanted">True if it is sent; otherwise a spool only counts it as done.</param>
    public void Add(ReadyBatch batch, bool isWanted)
    {
        if (batch.IsSpooled)
        {
            _held.Enqueue(new Held(batch, isWanted));
            _any = true;
        }
        else if (isWanted)
        {
            sender.Keep(batch);
            _held.Enqueue(new Held(batch, isWanted) { IsKept = true });
            HandOver();
        }
        else
        {
            batch.Dispose();
        }
    }

    /// <summary>Waits until the spool has kept all batches and the senders have taken them.</summary>
    /// <exception cref="SpoolException">A batch could not be kept. None is held any more.</exception>
    public async Task CatchUpAsync(CancellationToken cancellation)
    {
        while (_any)
        {
            if (First() is { IsKept: false })
            {
                await KeepFirstAsync(cancellation).ConfigureAwait(false);
            }
            else
            {
                await sender.WaitForRoomAsync(cancellation).ConfigureAwait(false);
            }

            lock (gate)
            {
                HandOver();
            }
        }
    }

    /// <summary>Drops all batches once none is being kept; none can be kept afterwards.</summary>
    public async ValueTask DisposeAsync()
    {
        await _keeping.WaitAsync().ConfigureAwait(false);
        Drop();
    }

    private Held? First()
    {
        lock (gate)
        {
            return _held.TryPeek(out Held? first) ? first : null;
        }
    }

    private async Task KeepFirstAsync(CancellationToken cancellation)
    {
        await _keeping.WaitAsync(cancellation).ConfigureAwait(false);
        Task? keeping = null;
        try
        {
            if (First() is not { IsKept: false } first)
            {
                return; // another thread was faster
            }

            keeping = Task.Run(() => Keep(first), CancellationToken.None);
            await keeping.WaitAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            // The next one, and the thread that returns the batch, wait for a disk that stalls; a stopped caller does not.
            if (keeping is { IsCompleted: false })
            {
                _ = keeping.ContinueWith(_ => _keeping.Release(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
            else
            {
                _keeping.Release();
            }
        }
    }

    private void Keep(Held first)
    {
        try
        {
            if (first.IsWanted)
            {
                sender.Keep(first.Batch);
                listener.OnKept(first.Batch);
                first.IsKept = true;
                return;
            }

            first.Batch.LeaveOut();
            lock (gate)
            {
                _held.Dequeue();
            }

            first.Batch.Dispose();
        }
        catch (SpoolException e)
        {
            e.Batch = first.IsWanted ? first.Batch : null;
            lock (gate)
            {
                _held.Dequeue();
                onLost();
            }

            Drop();
            throw;
        }
    }

    private void Drop()
    {
        lock (gate)
        {
            _any = false;
            while (_held.TryDequeue(out Held? left))
            {
                left.Batch.Dispose();
            }
        }
    }

    private void HandOver()
    {
        while (_held.TryPeek(out Held? first) && first.IsKept && sender.TryEnqueue(first.Batch))
        {
            _held.Dequeue();
        }

        _any = _held.Count > 0;
    }

    private sealed class Held(ReadyBatch batch, bool isWanted)
    {
        private volatile bool _isKept;

        public ReadyBatch Batch => batch;

        public bool IsWanted => isWanted;

        public bool IsKept
        {
            get => _isKept;
            set => _isKept = value;
        }
    }
}
