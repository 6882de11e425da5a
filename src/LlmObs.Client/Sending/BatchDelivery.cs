using System.Globalization;

namespace LlmObs.Client.Sending;

/// <summary>
/// Brings one batch to its end: every event is accepted or reported, and accepted events are never sent again.
/// A batch that is too large is halved. One that is refused is sent without its bad events: those that the answer names, or
/// the first one that halving finds, which takes log2(n) requests; the events after it are then sent in one request.
/// </summary>
internal sealed class BatchDelivery(EventsRequest push, IEventObserver observer, GatheredFailures failures, ReadyBatch batch, CancellationToken stopping)
{
    private static readonly TimeSpan LongestFarewell = TimeSpan.FromSeconds(1);

    private readonly EventBatcher _stream = batch.Stream;
    private readonly Stack<BatchSlice> _pending = new(); // nothing is known of these yet
    private int _passed;
    private int _found;
    private long? _tooLarge;
    private bool _wasTried; // the events of the last request

    public async Task RunAsync()
    {
        _pending.Push(BatchSlice.AllOf(batch.Batch));
        while (_pending.TryPop(out BatchSlice events))
        {
            switch (await TryAsync(events).ConfigureAwait(false))
            {
                case null:
                    break;
                case { Kind: FailureKind.BadRequest } refusal:
                    await IsolateBadEventsAsync(events, refusal).ConfigureAwait(false);
                    break;
                case { } failure:
                    await UnansweredAsync(events, failure).ConfigureAwait(false);
                    break;
            }
        }
    }

    private async Task<LlmObsException?> TryAsync(BatchSlice events)
    {
        if (_stream.Delivery.FatalFailure is LlmObsException known)
        {
            _wasTried = false;
            return known;
        }

        (LlmObsException? failure, _wasTried) = await push.TryAsync(_stream, events).ConfigureAwait(false);
        if (failure is null)
        {
            _passed += events.Count;
            await UpdateSpoolAsync(() => batch.Spooled?.Settle(events)).ConfigureAwait(false);
            _stream.Delivery.Search.Earn(events.Count, events.Bytes());
            if (_tooLarge is long length)
            {
                // The limit is learnt once, when a request fits: further batches have at most half the size that was too large.
                _stream.MaxBytes = (int)Math.Min(_stream.MaxBytes, Math.Max(1, length / 2));
            }

            if (observer.WantsAccepted)
            {
                observer.OnAccepted([.. Enumerable.Range(0, events.Count).Select(position => events.Event(position).Place)]);
            }

            failures.Report();
        }
        else if (failure.Kind is FailureKind.BadRequest or FailureKind.PayloadTooLarge)
        {
            _stream.Delivery.Search.Spend(events.Bytes());
        }
        else if (failure.Kind is FailureKind.Unauthorized or FailureKind.Forbidden or FailureKind.NotFound)
        {
            _stream.Delivery.FatalFailure = failure;
        }

        return failure;
    }

    private void Halve(BatchSlice events)
    {
        _tooLarge = new EventBody(events, DataTypeNegotiation.Documented).Length;
        _pending.Push(events.Slice(events.Count / 2));
        _pending.Push(events.Slice(0, events.Count / 2));
    }

    private async Task IsolateBadEventsAsync(BatchSlice events, LlmObsException refusal)
    {
        if (events.Count == 1)
        {
            await BlameAsync(events, refusal).ConfigureAwait(false);
            return;
        }

        IReadOnlyList<(int Position, ApiError Error)> named = _stream.Delivery.PointersLie || !_stream.Delivery.Search.IsLeft ? [] : NamedBadEvents.NamedBy(refusal, events);
        if (named.Count > 0 && !_stream.Delivery.PointersHold)
        {
            // Pointers are believed once one has proved true: an event that is refused alone is bad.
            BatchSlice first = events.Slice(named[0].Position, 1);
            LlmObsException? alone = await TryAsync(first).ConfigureAwait(false);
            if (alone is null)
            {
                _stream.Delivery.PointersLie = true;
                named = [];
                events = events.Without([PositionOf(events, first)]);
            }
            else if (alone.Kind == FailureKind.BadRequest)
            {
                _stream.Delivery.PointersHold = true;
            }
            else
            {
                await UnansweredAsync(first, alone).ConfigureAwait(false);
                Later(events.Without([named[0].Position]));
                return;
            }
        }

        if (named.Count > 0)
        {
            foreach ((int position, ApiError error) in named)
            {
                await BlameAsync(events.Slice(position, 1), FailureMessages.Only(refusal, error)).ConfigureAwait(false);
            }

            Later(events.Without([.. named.Select(one => one.Position)]));
        }
        else if (_stream.Delivery.Search.IsLeft)
        {
            await FindFirstAsync(events, refusal).ConfigureAwait(false);
        }
        else
        {
            await TryHalvesAsync(events).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Finds the first bad event of a refused selection. Parts that are accepted on the way are stored; the last refused
    /// part ends with the event that is found, so its message is about this event.
    /// </summary>
    private async Task FindFirstAsync(BatchSlice events, LlmObsException refusal)
    {
        int start = 0; // all before it is accepted
        int end = events.Count; // the bad event is before it
        int step = FirstStep(events.Count);
        while (end - start > 1)
        {
            int size = Math.Min(step, (end - start) / 2);
            LlmObsException? failure = await TryAsync(events.Slice(start, size)).ConfigureAwait(false);
            if (failure is null)
            {
                start += size;
                step = Math.Max(step, 2 * size);
            }
            else if (failure.Kind == FailureKind.BadRequest)
            {
                end = start + size;
                refusal = failure;
            }
            else
            {
                // It is unknown if this part is good or bad, and nothing is known of the events after it.
                Later(events.Slice(start + size));
                await UnansweredAsync(events.Slice(start, size), failure).ConfigureAwait(false);
                return;
            }
        }

        await BlameAsync(events.Slice(start, 1), refusal).ConfigureAwait(false);
        Later(events.Slice(end));
    }

    /// <summary>After bad events were found, the next one is sought near here: about as far away as they are apart.</summary>
    private int FirstStep(int count)
    {
        int apart = _found == 0 ? count : (_passed + _found) / _found;
        return apart < 4 ? apart : 4 * apart;
    }

    /// <summary>The short search: if both halves are refused as well, they are reported together.</summary>
    private async Task TryHalvesAsync(BatchSlice events)
    {
        foreach (BatchSlice half in (BatchSlice[])[events.Slice(0, events.Count / 2), events.Slice(events.Count / 2)])
        {
            LlmObsException? failure = await TryAsync(half).ConfigureAwait(false);
            if (failure is { Kind: FailureKind.BadRequest } && _stream.Delivery.Search.IsLeft)
            {
                await IsolateBadEventsAsync(half, failure).ConfigureAwait(false);
            }
            else if (failure is { Kind: FailureKind.BadRequest } && half.Count == 1)
            {
                await BlameAsync(half, failure).ConfigureAwait(false);
            }
            else if (failure is not null)
            {
                await UnansweredAsync(half, failure).ConfigureAwait(false);
            }
        }
    }

    private Task UnansweredAsync(BatchSlice events, LlmObsException failure)
    {
        if (failure.Kind == FailureKind.PayloadTooLarge && events.Count > 1 && _stream.Delivery.Search.IsLeft)
        {
            Halve(events);
            return Task.CompletedTask;
        }

        return FailAsync(events, failure);
    }

    private void Later(BatchSlice events)
    {
        if (events.Count > 0)
        {
            _pending.Push(events);
        }
    }

    private Task BlameAsync(BatchSlice one, LlmObsException refusal)
    {
        _found++;
        return ReportAsync(one, refusal, isCulprit: true);
    }

    private Task FailAsync(BatchSlice events, LlmObsException failure) => ReportAsync(events, failure, isCulprit: false);

    private async Task ReportAsync(BatchSlice events, LlmObsException failure, bool isCulprit)
    {
        _stream.Tally.Failed(events.Count);
        bool mayPass = MayPass(failure.Kind);
        bool isKept = batch.Spooled is not null && mayPass;
        if (!isKept)
        {
            await UpdateSpoolAsync(() => batch.Spooled?.Settle(events)).ConfigureAwait(false);
        }
        else if (_wasTried)
        {
            await UpdateSpoolAsync(() => batch.Spooled?.Keep(failure)).ConfigureAwait(false);
        }

        if (mayPass)
        {
            failures.Hold(batch, events, failure, isKept ? batch.Spooled!.Path : null, _wasTried);
            return;
        }

        failures.Refuse(batch, events, failure, isCulprit);
    }

    /// <summary>True if the same events may be accepted later, or with another key or address.</summary>
    private static bool MayPass(FailureKind kind) => kind is not (FailureKind.BadRequest or FailureKind.Conflict or FailureKind.PayloadTooLarge);

    /// <summary>A spool that fails now still holds the events: they are sent again later, and a warning reports it.</summary>
    private async Task UpdateSpoolAsync(Action change)
    {
        if (batch.Spooled is null)
        {
            return;
        }

        try
        {
            await AwayAsync(Task.Run(change, CancellationToken.None)).ConfigureAwait(false);
        }
        catch (SpoolException e)
        {
            observer.OnTrouble(WarningTexts.SpoolNotChanged(e, batch.Spooled!.OpenCount, batch.Count));
        }
    }

    // The disk may be a share that stalls. A stopped caller waits for it a moment, so that answered events are not sent again.
    private async Task AwayAsync(Task change)
    {
        try
        {
            await change.WaitAsync(stopping).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await Task.WhenAny(change, Task.Delay(LongestFarewell, TimeProvider.System)).ConfigureAwait(false);
            if (!change.IsCompleted)
            {
                batch.LeaveToDisk();
                throw;
            }

            await change.ConfigureAwait(false);
        }
    }

    private static int PositionOf(BatchSlice events, BatchSlice one)
    {
        int position = 0;
        while (events[position] != one[0])
        {
            position++;
        }

        return position;
    }
}

/// <summary>The events of a refused request that the answer names, by the JSON pointers of its errors.</summary>
internal static class NamedBadEvents
{
    private const string Attributes = "/data/attributes/";

    /// <summary>The positions of the named events, ascending, each with the first error that names it.</summary>
    public static IReadOnlyList<(int Position, ApiError Error)> NamedBy(LlmObsException refusal, BatchSlice events)
    {
        var named = new SortedDictionary<int, ApiError>();
        foreach (ApiError error in refusal.Errors)
        {
            if (error.Pointer is not null && TryRead(error.Pointer, out EventKind kind, out int index) && PositionOf(events, kind, index) is int position)
            {
                named.TryAdd(position, error);
            }
        }

        return [.. named.Select(pair => (pair.Key, pair.Value))];
    }

    private static bool TryRead(string pointer, out EventKind kind, out int index)
    {
        kind = default;
        index = -1;
        string[] parts = pointer.StartsWith(Attributes, StringComparison.Ordinal) ? pointer[Attributes.Length..].Split('/') : [];
        if (parts is not [var list, var number, ..] || PayloadShape.KindOf(list) is not EventKind named)
        {
            return false;
        }

        kind = named;
        return int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out index);
    }

    private static int? PositionOf(BatchSlice events, EventKind kind, int index)
    {
        for (int position = 0; position < events.Count; position++)
        {
            if (events.Event(position).Kind == kind && index-- == 0)
            {
                return position;
            }
        }

        return null;
    }
}

/// <summary>
/// The budget of requests and bytes for finding a batch's bad events. A refused request costs its size, an accepted one
/// earns it back: a search continues as long as it pays, and a file of only bad events is not sent event by event.
/// </summary>
internal sealed class BadEventSearchBudget
{
    /// <summary>The most bytes.</summary>
    public const long MostBytes = 256L * 1024 * 1024;

    private const int Most = 256;
    private const int EarnedBytes = 16; // a byte; a bad event among many good ones costs a few times their size

    private readonly Lock _gate = new();
    private int _left = Most;
    private long _bytesLeft = MostBytes;

    public bool IsLeft
    {
        get
        {
            lock (_gate)
            {
                return _left > 0 && _bytesLeft > 0;
            }
        }
    }

    public void Spend(long bytes)
    {
        lock (_gate)
        {
            _left--;
            _bytesLeft -= bytes;
        }
    }

    public void Earn(int events, long bytes)
    {
        lock (_gate)
        {
            _left = Math.Min(Most, _left + events);
            _bytesLeft = Math.Min(MostBytes, _bytesLeft + (EarnedBytes * bytes));
        }
    }
}
