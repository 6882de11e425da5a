using System.Runtime.CompilerServices;

namespace LlmObs.Client.Sending;

/// <summary>The events of one experiment on their way into batches, and the count of what became of them.</summary>
public sealed class EventBatcher : IDisposable
{
    private const int BodyOverhead = 128; // what stands around the events in a request

    private readonly SendOptions _options;
    private readonly EventDefaults _defaults;
    private readonly HostObjectJson _freeForm;
    private readonly TimeProvider _time;
    private readonly Uri? _page;
    private EventWriter _writer;
    private Func<EventDefaults?>? _find;
    private EventBatch _building = new();
    private int _source = -1;
    private RowPlace? _lastFlushed;
    private volatile int _maxBytes; // written by senders, read where batches are made

    /// <summary>Opens a stream.</summary>
    /// <param name="client">The client with the clock and the JSON conversion.</param>
    /// <param name="experimentId">The experiment.</param>
    /// <param name="defaults">The defaults of rows.</param>
    /// <param name="options">The sizes of batches.</param>
    /// <param name="find">Finds the project and the dataset of the experiment, if the defaults lack them; null if that is not possible.</param>
    public EventBatcher(LlmObsClient client, string experimentId, EventDefaults defaults, SendOptions options, Func<EventDefaults?>? find = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        Path = LlmObsClient.EventsPath(experimentId);
        ExperimentId = experimentId;
        _page = client.ExperimentPage(experimentId);
        _options = options;
        _time = client.Options.Time;
        _defaults = defaults;
        _freeForm = client.Options.FreeForm;
        _find = find;
        _writer = new EventWriter(defaults, _freeForm, _time, Warnings, experimentId, asksForSettings: find is not null);
        Tally = new SendCounters(_time);
        MaxBytes = options.MaxBatchBytes;
    }

    /// <summary>The experiment.</summary>
    public string ExperimentId { get; }

    /// <summary>Warnings about events that the service may refuse.</summary>
    public EventWarnings Warnings { get; } = new();

    internal string Path { get; }

    internal SendCounters Tally { get; }

    /// <summary>The most bytes of a body; a 413 makes it smaller for the rest of the stream.</summary>
    internal int MaxBytes
    {
        get => _maxBytes;
        set => _maxBytes = value;
    }

    /// <summary>Facts about the service, learnt by sending.</summary>
    internal DeliveryState Delivery { get; } = new();

    /// <summary>The spool that keeps requests until they are answered; null for none.</summary>
    public SpoolRun? Spool { get; private set; }

    /// <summary>The number of events still to be skipped, because they are in requests of the spool.</summary>
    private long Skip { get; set; }

    /// <summary>Keeps every request on disk until it is answered.</summary>
    /// <param name="run">The spool's run.</param>
    public void KeepIn(SpoolRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        Spool = run;
    }

    /// <summary>The next rows are those of a file. Its events that are in requests of the spool are skipped.</summary>
    /// <param name="number">The file's number among the sources of the spool's run; -1 for rows of no such file.</param>
    public void BeginSource(int number)
    {
        Skip = number < 0 ? 0 : Spool!.Record!.Sources[number].EventCount;
        if (number != _source)
        {
            _source = number;
            _building.BeginPart(number);
        }
    }

    /// <summary>Adds a row.</summary>
    /// <param name="kind">Its kind, if it is known; null to determine it from its fields.</param>
    /// <returns>A batch that this row has completed, to be sent; else null.</returns>
    /// <exception cref="EventRowException">The row can't be sent; it is counted as failed.</exception>
    [MethodImpl(HotPath.FullyOptimized)]
    public ReadyBatch? Add(EventRow row, EventKind? kind)
    {
        Tally.Start();
        try
        {
            _building.Add(_writer, row, kind ?? _writer.KindOf(row));
        }
        catch (EventRowException) when (row.HasNoCell())
        {
            return null; // no row at all, as the empty lines of a sheet
        }
        catch (EventRowException problem) when (!(problem.IsMissingSetting && _find is not null))
        {
            Tally.Failed(1);
            EventRowException said = row.InOwnWords(problem);
            if (ReferenceEquals(said, problem))
            {
                throw;
            }

            throw said;
        }

        if (Skip > 0)
        {
            Skip--;
            _building.RemoveLast();
            return null;
        }

        if (_building.Count > 1 && _building.Bytes + BodyOverhead > MaxBytes)
        {
            EventBatch next = NewBatch();
            _building.MoveLastTo(next);
            (EventBatch full, _building) = (_building, next);
            _lastFlushed = full.Events[^1].Place;
            return new ReadyBatch(this, full);
        }

        return _building.Count >= _options.BatchSize || _building.Bytes + BodyOverhead > MaxBytes ? Flush() : null;
    }

    /// <summary>The function that finds a span's missing settings, once: the row is to be added again after <see cref="Use"/>.</summary>
    /// <returns>Finds them; null if that is not possible, or was done.</returns>
    internal Func<EventDefaults?>? TakeFind() => Interlocked.Exchange(ref _find, null);

    /// <summary>Uses the settings that were found for all further rows.</summary>
    /// <param name="found">The defaults; null if nothing was found.</param>
    internal void Use(EventDefaults? found)
    {
        EventWriter before = _writer;
        _writer = new EventWriter(found ?? _defaults, _freeForm, _time, Warnings, ExperimentId);
        before.Dispose();
    }

    /// <summary>Counts rows that could not even be read.</summary>
    /// <param name="rows">The number.</param>
    public void CountFailures(long rows)
    {
        Tally.Start();
        Tally.Failed(rows);
    }

    /// <summary>The batch that was gathered so far.</summary>
    /// <returns>A batch to be sent; null if there is none.</returns>
    public ReadyBatch? Flush()
    {
        if (_building.Count == 0)
        {
            return null;
        }

        (EventBatch full, _building) = (_building, NewBatch());
        _lastFlushed = full.Events[^1].Place;
        return new ReadyBatch(this, full);
    }

    /// <summary>The row of the last event that was taken; null before the first.</summary>
    public RowPlace? LastPlace => _building.Count > 0 ? _building.Events[^1].Place : _lastFlushed;

    /// <summary>The result so far.</summary>
    /// <returns>The counts.</returns>
    public SendResult Result() => Tally.ToResult(ExperimentId) with { Url = _page };

    private EventBatch NewBatch()
    {
        var batch = new EventBatch(_building);
        if (_source >= 0)
        {
            batch.BeginPart(_source);
        }

        return batch;
    }

    /// <summary>Returns the buffers.</summary>
    public void Dispose()
    {
        _writer.Dispose();
        _building.Dispose();
        Spool?.Dispose();
    }
}
