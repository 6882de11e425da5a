using System.Runtime.CompilerServices;

namespace LlmObs.Client.Sending;

/// <summary>
/// Events on their way to experiments: rows come in, become batches, and are sent in the background. Rows may come from several
/// threads. Nothing waits in here: if the senders are behind, or a batch is to be kept in a spool, full batches are held, and
/// a caller that adds rows waits in <see cref="CatchUpAsync"/> before the next one, so that memory stays flat. The disk of a spool may be
/// a share that stalls: it is written on separate threads, and a caller that waits for it can be stopped.
/// </summary>
public sealed class EventUpload : IEventRowSink, IAsyncDisposable
{
    private static readonly TimeSpan LongestFarewell = TimeSpan.FromSeconds(2);

    private readonly LlmObsClient _client;
    private readonly SendOptions _options;
    private readonly IUploadListener _listener;
    private readonly EventSpool? _spool;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, EventBatcher> _batchers = new(StringComparer.Ordinal);
    private readonly HashSet<string> _ignored = new(StringComparer.OrdinalIgnoreCase);
    private readonly RepeatedProblems _repeats = new();
    private readonly EventSender _sender;
    private readonly HeldBatches _held;
    private EventBatcher? _current;
    private bool _hasLeftOut;
    private bool _isFinished;

    /// <summary>Makes an upload; it starts work with the first full batch.</summary>
    /// <param name="client">Sends the requests.</param>
    /// <param name="options">The sizes of batches, and the number that may be under way at once.</param>
    /// <param name="listener">Receives the progress.</param>
    /// <param name="spool">Keeps each request until it is answered; null if nothing does.</param>
    public EventUpload(LlmObsClient client, SendOptions options, IUploadListener listener, EventSpool? spool = null)
    {
        _sender = new EventSender(client, options, listener);
        _held = new HeldBatches(_sender, listener, _gate, onLost: () => _isFinished = false);
        _client = client;
        _options = options;
        _listener = listener;
        _spool = spool;
        Sources = new UploadSources(this, _gate);
    }

    /// <summary>The experiment that rows now belong to.</summary>
    public string ExperimentId => Current.ExperimentId;

    /// <summary>True if an experiment was named.</summary>
    public bool HasTarget => _current is not null;

    /// <summary>True if a request was made.</summary>
    public bool HasSent { get; private set; }

    /// <summary>True if full batches are held, because the senders have enough or a spool is to keep them: see <see cref="CatchUpAsync"/>.</summary>
    public bool IsBehind => _held.Any;

    /// <summary>The number of events that the service has accepted so far.</summary>
    public long AcceptedCount => AllResults().Sum(result => result.EventCount);

    /// <summary>The number of events that could not be sent, or were refused.</summary>
    public long FailedCount => AllResults().Sum(result => result.FailedCount);

    /// <summary>The row of the last event that was taken; null before the first.</summary>
    public RowPlace? LastPlace
    {
        get
        {
            lock (_gate)
            {
                return _current?.LastPlace;
            }
        }
    }

    /// <summary>The files and the pipelines that rows come from, for the spool.</summary>
    public UploadSources Sources { get; }

    internal SpoolRun? Run => _current?.Spool;

    internal EventBatcher Current => _current ?? throw new InvalidOperationException("These rows name no experiment.");

    /// <summary>True if rows now belong to this experiment.</summary>
    /// <param name="experimentId">The experiment.</param>
    /// <returns>True if they do.</returns>
    public bool IsAt(string experimentId) => _current?.ExperimentId == experimentId;

    /// <summary>Points to the experiment that the next rows belong to.</summary>
    /// <param name="experimentId">The experiment.</param>
    /// <param name="defaults">The defaults of rows; they hold from the first time that the experiment is named.</param>
    /// <param name="find">
    /// Finds the project and the dataset if the defaults lack them; called once, when the first span needs them, by the thread that adds it. Null if that is not possible.
    /// </param>
    /// <exception cref="ArgumentException">The id can't be one; the experiment stays the one before.</exception>
    /// <exception cref="SpoolException">The spool can't be written.</exception>
    public void Target(string experimentId, EventDefaults defaults, Func<EventDefaults?>? find = null)
    {
        lock (_gate)
        {
            if (!_batchers.TryGetValue(experimentId, out EventBatcher? batcher))
            {
                batcher = new EventBatcher(_client, experimentId, defaults, _options, find);
                _batchers.Add(experimentId, batcher);
                _current = batcher;
                _spool?.Begin(_client, batcher, defaults);
            }

            _current = batcher;
        }
    }

    /// <summary>Continues a run of the spool: rows that are read from here on are kept there, too.</summary>
    /// <param name="run">The run; it is given back with this upload.</param>
    public void KeepIn(SpoolRun run) => Current.KeepIn(run);

    /// <summary>Reads a request that a spool has kept; on any thread.</summary>
    /// <param name="run">The run that <see cref="KeepIn"/> was given.</param>
    /// <param name="request">Its file.</param>
    /// <returns>The request; null if its file is torn or was altered, and was set aside.</returns>
    /// <exception cref="SpoolException">The file can't be read, or is of another version; it stays as it is.</exception>
    public ReadyBatch? Load(SpoolRun run, string request)
    {
        ArgumentNullException.ThrowIfNull(run);
        return run.Load(request, Current);
    }

    /// <summary>Sends a request that a spool has kept.</summary>
    /// <param name="batch">The request, of <see cref="Load"/>.</param>
    public void Resend(ReadyBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        lock (_gate)
        {
            Submit(batch);
        }
    }

    /// <inheritdoc/>
    [MethodImpl(HotPath.FullyOptimized)]
    public bool Accept(EventRow row, EventKind? kind)
    {
        ArgumentNullException.ThrowIfNull(row);
        EventBatcher batcher = Current;
        try
        {
            lock (_gate)
            {
                if (batcher.Add(row, kind) is ReadyBatch batch)
                {
                    Submit(batch);
                }
            }

            return true;
        }
        catch (EventRowException problem) when (problem.IsMissingSetting && batcher.TakeFind() is { } find)
        {
            EventDefaults? found = find(); // it may take a request: not under the gate
            lock (_gate)
            {
                batcher.Use(found);
            }

            return Accept(row, kind);
        }
        catch (EventRowException problem)
        {
            Refuse(new RefusedRows(batcher.ExperimentId, row.Place, problem));
            return false;
        }
    }

    /// <inheritdoc/>
    public void Reject(RowPlace place, EventRowException problem, string? text)
    {
        lock (_gate)
        {
            Current.CountFailures(1);
        }

        Refuse(new RefusedRows(ExperimentId, place, problem) { Text = text });
    }

    /// <inheritdoc/>
    public void Reject(RowPlace first, long count, EventRowException problem)
    {
        if (count == 1)
        {
            Reject(first, problem, text: null);
            return;
        }

        lock (_gate)
        {
            Current.CountFailures(count);
        }

        _listener.OnRefused(new RefusedRows(ExperimentId, first, problem) { Count = count });
    }

    /// <inheritdoc/>
    public void Ignore(string? source, IReadOnlyList<string> names)
    {
        string[] news;
        lock (_gate)
        {
            news = [.. names.Where(name => _ignored.Add($"{source}\n{name}"))];
        }

        if (news.Length > 0)
        {
            _listener.OnIgnored(source, news);
        }
    }

    /// <inheritdoc/>
    public void Ignore(string? source, string name, string why)
    {
        bool isNew;
        lock (_gate)
        {
            isNew = _ignored.Add($"{source}\n{name}");
        }

        if (isNew)
        {
            _listener.OnIgnored(source, name, why);
        }
    }

    /// <inheritdoc/>
    public void Warn(string warning) => _listener.OnTrouble(warning);

    /// <summary>Sends batches that are not full.</summary>
    public void Flush()
    {
        lock (_gate)
        {
            foreach (EventBatcher batcher in _batchers.Values)
            {
                Flush(batcher);
            }
        }
    }

    /// <summary>The input has ended: sends the rest, and reports the counted problems.</summary>
    public void Finish()
    {
        lock (_gate)
        {
            foreach (EventBatcher batcher in _batchers.Values)
            {
                Flush(batcher);
                WarnOf(batcher.Warnings.Totals());
            }

            _isFinished = true;
        }

        foreach ((RowPlace place, long count, EventRowException problem) in _repeats.TakeRest())
        {
            _listener.OnRefused(new RefusedRows(_current?.ExperimentId ?? string.Empty, place, problem) { Count = count, AreRest = true });
        }
    }

    /// <summary>Waits until the spool has kept all full batches and the senders have taken them.</summary>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>When rows may be added again.</returns>
    /// <exception cref="SpoolException">A batch could not be kept: see its <see cref="SpoolException.Batch"/>. None is held any more.</exception>
    public Task CatchUpAsync(CancellationToken cancellation) => _held.CatchUpAsync(cancellation);

    /// <summary>Waits until every batch is answered; none can be sent afterwards.</summary>
    /// <param name="cancellation">Ends the waiting; <see cref="DisposeAsync"/> ends the requests.</param>
    /// <returns>When nothing is under way any more.</returns>
    /// <exception cref="SpoolException">A batch could not be kept, or the spool's record not be written.</exception>
    public async Task CompleteAsync(CancellationToken cancellation)
    {
        await CatchUpAsync(cancellation).ConfigureAwait(false);
        if (_isFinished)
        {
            SpoolRun[] runs = [.. _batchers.Values.Select(batcher => batcher.Spool).OfType<SpoolRun>()];
            await AwayAsync(() => Array.ForEach(runs, run => run.Close()), cancellation).ConfigureAwait(false);
        }

        await _sender.CompleteAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>The results so far.</summary>
    /// <returns>The counts of each experiment that was named, in that order; none if the listener wanted nothing of it sent.</returns>
    public IReadOnlyList<SendResult> Results() =>
        [.. AllResults().Where(result => HasSent || result.FailedCount > 0 || !_hasLeftOut)];

    /// <summary>Ends requests that are under way, drops held batches, and releases runs of the spool.</summary>
    /// <returns>When nothing is under way any more.</returns>
    public async ValueTask DisposeAsync()
    {
        await _sender.DisposeAsync().ConfigureAwait(false);

        // A disk that stalls is left to itself: its files are whole or not there, and locks go with the process.
        Task giving = Task.Run(async () =>
        {
            await _held.DisposeAsync().ConfigureAwait(false);
            foreach (EventBatcher batcher in _batchers.Values)
            {
                batcher.Dispose();
            }
        });
        await Task.WhenAny(giving, Task.Delay(LongestFarewell, TimeProvider.System)).ConfigureAwait(false);
        if (giving.IsCompleted)
        {
            await giving.ConfigureAwait(false);
        }
    }

    // What is done for nothing but its effect on a disk: who waits for it may give up, and it then ends when the disk does.
    private static Task AwayAsync(Action work, CancellationToken cancellation) => Task.Run(work, CancellationToken.None).WaitAsync(cancellation);

    private SendResult[] AllResults()
    {
        lock (_gate)
        {
            return [.. _batchers.Values.Select(batcher => batcher.Result())];
        }
    }

    // One cause may meet every row: ten are reported, and the rest is counted.
    private void Refuse(RefusedRows row)
    {
        bool isReported;
        lock (_gate)
        {
            isReported = row.Problem.IsMissingSetting || _repeats.IsNew(row.Place, row.Problem);
        }

        if (isReported)
        {
            _listener.OnRefused(row);
        }
    }

    private void WarnOf(IReadOnlyList<string> warnings)
    {
        foreach (string warning in warnings)
        {
            _listener.OnTrouble(warning);
        }
    }

    private void Flush(EventBatcher batcher)
    {
        if (batcher.Flush() is ReadyBatch batch)
        {
            Submit(batch);
        }
    }

    private void Submit(ReadyBatch batch)
    {
        WarnOf(batch.Warnings.TakeFirst());
        bool isWanted = _listener.OnBatch(batch);
        _hasLeftOut |= !isWanted;
        HasSent |= isWanted;
        _held.Add(batch, isWanted);
    }
}
