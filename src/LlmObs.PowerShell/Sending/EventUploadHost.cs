using System.Management.Automation;

namespace LlmObs.PowerShell.Sending;

/// <summary>
/// One call of a cmdlet that sends events: it feeds an <see cref="EventUpload"/>, waits for it on the pipeline thread, and writes
/// its reports.
/// </summary>
internal sealed class EventUploadHost : IEventRowSink, IAsyncDisposable
{
    private readonly LlmObsCmdlet _cmdlet;
    private readonly AsyncPipelineBridge _bridge;
    private readonly EventUpload _upload;
    private readonly CommandEnding _ending;
    private readonly UploadProgress _progress;
    private readonly RowBlockCursor _blockRow = new();
    private readonly bool _keepsBatches;
    private MapperQueue? _mapper;
    private PSObject? _blockSource;
    private bool _isOnMapperThread;
    private bool _hasMadeBatch; // since messages were last written: to ask for each row costs more than adding it
    private long _announced; // piped objects

    /// <param name="cmdlet">Writes the reports.</param>
    /// <param name="client">Sends the requests.</param>
    /// <param name="options">The sizes of batches.</param>
    /// <param name="gate">Asked before each batch; null for none.</param>
    /// <param name="spool">Keeps each request until it is answered; null if nothing does.</param>
    public EventUploadHost(
        LlmObsCmdlet cmdlet, AsyncPipelineBridge bridge, LlmObsClient client, SendOptions options, SendGate? gate = null, EventSpool? spool = null)
    {
        _cmdlet = cmdlet;
        _bridge = bridge;
        _ending = new CommandEnding(cmdlet.EndsAtErrors);
        _progress = new UploadProgress(cmdlet);
        _keepsBatches = spool is not null;
        _upload = new EventUpload(client, options, new Listener(this, gate), spool);
    }

    /// <summary>The piped object that rows now come from; null for a file.</summary>
    public PSObject? Source { get; set; }

    /// <summary>An action before rows of another experiment.</summary>
    public Action? BeforeTarget { get; set; }

    /// <summary>The sources of rows.</summary>
    public UploadSources Sources => _upload.Sources;

    /// <summary>The experiment that rows now belong to.</summary>
    public string ExperimentId => _upload.ExperimentId;

    /// <summary>True if an experiment was named.</summary>
    public bool HasTarget => _upload.HasTarget;

    /// <summary>True if a request was made.</summary>
    public bool HasSent => _upload.HasSent;

    /// <summary>The number of events that the service has accepted so far.</summary>
    public long AcceptedCount => _upload.AcceptedCount;

    /// <summary>The number of events that failed so far.</summary>
    public long FailedCount => _upload.FailedCount;

    /// <summary>True if everything was answered.</summary>
    public bool IsComplete { get; private set; }

    // While a block is mapped, nothing else adds rows.
    private PSObject? Target => _isOnMapperThread ? _blockSource : Source;

    /// <summary>Maps piped rows on another thread.</summary>
    /// <param name="rows">The sink for the rows there: this host, or a sink in front of it.</param>
    public MapperQueue MapElsewhere(IEventRowSink rows) => _mapper = new MapperQueue(_bridge, block => MapAsync(block, rows), _progress.Show);

    /// <summary>Waits until all rows that were handed over are mapped; what comes next is mapped on the pipeline thread.</summary>
    public void EndMapping() => _mapper?.End();

    /// <summary>A file begins.</summary>
    /// <param name="path">Its whole path.</param>
    /// <param name="source">Its number among the sources of the spool's run; -1 if there is none.</param>
    public FileProgress BeginFile(string path, int source)
    {
        Source = null;
        Sources.Begin(source);
        return _progress.BeginFile(path);
    }

    /// <summary>True if rows now belong to this experiment.</summary>
    public bool IsAt(string experimentId) => _upload.IsAt(experimentId);

    /// <summary>Points to the experiment that the next rows belong to.</summary>
    /// <param name="experimentId">The experiment.</param>
    /// <param name="defaults">The defaults of its rows.</param>
    /// <param name="names">Finds its project and its dataset once a span needs them, unlike metrics; null if that is not possible.</param>
    /// <returns>False if the id can't be one, which is reported.</returns>
    public bool TryTarget(string experimentId, EventDefaults defaults, NameResolver? names)
    {
        if (_upload.IsAt(experimentId))
        {
            return true;
        }

        if (_upload.HasTarget)
        {
            EndMapping(); // its rows belong to the experiment before
            BeforeTarget?.Invoke();
        }

        try
        {
            bool isComplete = defaults is { ProjectId.Length: > 0, DatasetId.Length: > 0 };
            Func<EventDefaults?>? find = names is null || isComplete ? null : () => Find(names, experimentId, defaults);
            OnDisk(() => _upload.Target(experimentId, defaults, find));
            return true;
        }
        catch (ArgumentException e)
        {
            string message = Failures.Reason(e);
            _cmdlet.WriteError(Failures.InvalidValue(e, message, experimentId, "Give the id that New-LlmObsExperiment returned."));
            return false;
        }
    }

    // Rows on the mapper thread have the columns of a row before them, which was mapped on the pipeline thread.
    private EventDefaults? Find(NameResolver names, string experimentId, EventDefaults defaults)
    {
        ErrorRecord? problem = null;
        EventDefaults? found = _isOnMapperThread ? null : names.Complete(defaults, experimentId, out problem);
        if (problem is not null)
        {
            Fail(problem, isLast: true);
        }

        return found;
    }

    /// <summary>Files are read next.</summary>
    /// <returns>The files, each with its number among the sources of the spool's run; -1 for one that nothing could be read of later either.</returns>
    /// <exception cref="SpoolException">The spool can't be written.</exception>
    public IReadOnlyList<(string File, int Source)> Announce(IReadOnlyList<string> files, bool arePiped) =>
        _keepsBatches ? _bridge.AwaitAway(() => Sources.AddFiles(files, arePiped)) : Sources.AddFiles(files, arePiped);

    /// <summary>A piped object is read next.</summary>
    /// <exception cref="SpoolException">The spool can't be written.</exception>
    public void Announce(PSObject piped)
    {
        Source = piped;
        _announced++;
        if (Sources.NeedPiped)
        {
            OnDisk(Sources.AddPiped);
        }
        else
        {
            Sources.AddPiped();
        }
    }

    /// <summary>Sends the requests that a spool has kept; rows that are read afterwards are kept there, too.</summary>
    public void Resume(SpoolRun run)
    {
        _upload.KeepIn(run);
        foreach (string request in run.Requests)
        {
            try
            {
                if (_bridge.AwaitAway(() => _upload.Load(run, request)) is ReadyBatch batch)
                {
                    _upload.Resend(batch);
                }
            }
            catch (SpoolException e)
            {
                _cmdlet.WriteError(Failures.UnreadableSpool(e));
                continue;
            }

            CatchUp();
        }
    }

    public bool Accept(EventRow row, EventKind? kind)
    {
        if (_bridge.Stopping.IsCancellationRequested)
        {
            throw _isOnMapperThread ? new OperationCanceledException() : new PipelineStoppedException();
        }

        if (_ending.HasBegun)
        {
            EndIfBegun();
            return false;
        }

        bool isTaken = _upload.Accept(row, kind);
        if (isTaken)
        {
            _progress.Count();
        }

        if (!_isOnMapperThread)
        {
            CatchUp();
            if (isTaken)
            {
                _progress.Show();
            }
        }

        return isTaken;
    }

    public void Reject(RowPlace place, EventRowException problem, string? text)
    {
        if (!_ending.HasBegun)
        {
            _upload.Reject(place, problem, text);
        }
    }

    public void Reject(RowPlace first, long count, EventRowException problem)
    {
        if (!_ending.HasBegun)
        {
            _upload.Reject(first, count, problem);
        }
    }

    public void Ignore(string? source, IReadOnlyList<string> names) => _upload.Ignore(source, names);

    public void Ignore(string? source, string name, string why) => _upload.Ignore(source, name, why);

    public void Warn(string warning) => Say(to => to.WriteWarning(warning));

    /// <summary>Reports an error of the input. If it ends the command, the rows before it are sent first.</summary>
    /// <param name="isLast">True if it ends the command whatever the preference is.</param>
    public void Fail(ErrorRecord error, bool isLast = false)
    {
        if (_isOnMapperThread)
        {
            _ending.Announce(isLast);
            _bridge.Post(to => _ending.Take(to, error, isLast));
        }
        else
        {
            _ending.Take(_cmdlet, error, isLast);
            EndIfBegun();
        }
    }

    /// <summary>Ends the command if an error requires it: sends the rows so far, waits for the answers, and reports everything in one error.</summary>
    public void EndIfBegun()
    {
        if (_isOnMapperThread || !_ending.HasBegun)
        {
            return;
        }

        EndMapping();
        RowPlace? last = _upload.LastPlace;
        _upload.Flush();
        WaitFor(_upload.CompleteAsync);
        _progress.End();
        IsComplete = true;
        _ending.End(_cmdlet, AcceptedCount, last);
    }

    /// <summary>Sends the rest, and waits for the last answer.</summary>
    public IReadOnlyList<SendResult> Complete()
    {
        EndMapping();
        _upload.Finish();
        WaitFor(_upload.CompleteAsync);
        EndIfBegun();
        _progress.End();
        IsComplete = true;
        return _upload.Results();
    }

    public async ValueTask DisposeAsync()
    {
        if (_mapper is not null)
        {
            await _mapper.DisposeAsync().ConfigureAwait(false);
        }

        await _upload.DisposeAsync().ConfigureAwait(false);
    }

    private void CatchUp()
    {
        if (_upload.IsBehind)
        {
            WaitFor(_upload.CatchUpAsync);
        }
        else if (_hasMadeBatch)
        {
            _hasMadeBatch = false;
            _bridge.Drain();
        }
    }

    private void OnDisk(Action work)
    {
        if (_keepsBatches)
        {
            _bridge.AwaitAway(work);
        }
        else
        {
            work();
        }
    }

    private void WaitFor(Func<CancellationToken, Task> work)
    {
        try
        {
            _bridge.Await(work);
        }
        catch (SpoolException e) when (e.Batch is not null)
        {
            EndUnkept(e);
            throw;
        }
    }

    /// <summary>A batch could not be kept in the spool: earlier batches are safe, and are sent; the rest still belongs to the caller.</summary>
    private void EndUnkept(SpoolException failure)
    {
        _bridge.Await(_upload.CompleteAsync);
        IsComplete = true;
        if (_keepsBatches)
        {
            using ReadyBatch batch = failure.Batch!;
            _cmdlet.ThrowTerminatingError(Failures.NotSpooled(failure, batch));
        }

        // What was being resumed is read again another time.
    }

    /// <summary>Maps a block of rows, not on the pipeline thread; nothing else maps or reports anything meanwhile.</summary>
    private async Task MapAsync(RowBlock block, IEventRowSink rows)
    {
        _isOnMapperThread = true;
        try
        {
            for (int row = 0; row < block.Count && !_ending.HasBegun; row++)
            {
                _blockSource = block.Source(row);
                _blockRow.Load(block, row);
                rows.Accept(_blockRow, kind: null);
                if (_upload.IsBehind)
                {
                    await _upload.CatchUpAsync(_bridge.Stopping).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            _isOnMapperThread = false;
        }
    }

    // A cell that was held back is refused after its row: the object that rows now come from is another one.
    private object? TargetAt(RowPlace place, string? text) =>
        place.Row == (_isOnMapperThread ? _blockRow.Place.Row : _announced) || text is null ? (object?)Target ?? text : text;

    private void Say(Action<LlmObsCmdlet> message)
    {
        if (_isOnMapperThread)
        {
            _bridge.Post(message);
        }
        else
        {
            message(_cmdlet);
        }
    }

    private void OnRefused(RefusedRows rows) => Fail(Failures.Refused(rows, TargetAt(rows.Place, rows.Text)), rows.Problem.IsMissingSetting);

    private sealed class Listener(EventUploadHost host, SendGate? gate) : VerboseObserver(host._bridge), IUploadListener
    {
        public bool OnBatch(ReadyBatch batch)
        {
            if (!host._isOnMapperThread)
            {
                host._hasMadeBatch = true;
                host._bridge.Drain(); // warnings of its events come before it is asked for or sent
            }

            return gate?.Allows(batch) != false;
        }

        public void OnRefused(RefusedRows rows) => host.OnRefused(rows);

        public void OnIgnored(string? source, IReadOnlyList<string> names) => host.Warn(Warnings.NoFields(source, names, "a span or a metric", FieldNames.OfEvents));

        public void OnIgnored(string? source, string name, string why) => host.Warn(Warnings.NotSent(source, name, why));

        public void OnTrouble(string message) => host._bridge.Post(to => to.WriteWarning(message));

        public void OnFailing() => host._ending.Announce(isLast: false);

        public void OnFailed(UndeliveredEvents events) => host._bridge.Post(to => host._ending.Take(to, Failures.ToRecord(events), isLast: false));
    }
}
