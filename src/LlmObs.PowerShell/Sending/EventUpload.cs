using System.Management.Automation;
using System.Runtime.CompilerServices;

namespace LlmObs.PowerShell.Sending;

/// <summary>
/// One call of Send-LlmObsEvent: rows come in on the pipeline thread, become batches there, and are sent in the background.
/// </summary>
internal sealed class EventUpload(
    LlmObsCmdlet cmdlet, AsyncPipelineBridge bridge, LlmObsClient client, SendOptions options, Func<ReadyBatch, bool> confirm, UploadSpool? spool = null)
    : IEventRowSink, IAsyncDisposable
{
    private readonly Dictionary<string, EventBatcher> _streams = new(StringComparer.Ordinal);
    private readonly HashSet<string> _ignored = new(StringComparer.OrdinalIgnoreCase);
    private readonly Ending _ending = new(cmdlet.EndsAtErrors);
    private EventSender? _startedSender;
    private readonly UploadProgress _progress = new(cmdlet);
    private readonly Queue<ReadyBatch> _full = [];
    private readonly RepeatedProblems _repeats = new();
    private readonly RowBlockCursor _blockRow = new();
    private EventBatcher? _stream;
    private MapperQueue? _handover;
    private PSObject? _blockSource;
    private bool _isElsewhere; // than on the pipeline thread
    private bool _refusedByUser; // -WhatIf, or no at -Confirm
    private bool _anySent;
    private long _announced; // piped objects

    private EventSender Sender => _startedSender ??= new EventSender(client, options, new Observer(bridge, _ending));

    /// <summary>The piped object that rows now come from; null for a file.</summary>
    public PSObject? Source { get; set; }

    /// <summary>What is to be done before rows of another experiment come.</summary>
    public Action? BeforeTarget { get; set; }

    /// <summary>Has piped rows mapped on another thread.</summary>
    /// <param name="rows">Takes the rows there: this upload, or what stands before it.</param>
    public MapperQueue HandOver(IEventRowSink rows) => _handover = new MapperQueue(bridge, block => MapAsync(block, rows), _progress.Show);

    /// <summary>Waits until all rows that were handed over are mapped; what comes next is mapped on the pipeline thread.</summary>
    public void EndHandover() => _handover?.End();

    /// <summary>The experiment that rows now belong to.</summary>
    public string ExperimentId => _stream!.ExperimentId;

    /// <summary>Whether any experiment was named.</summary>
    public bool HasTarget => _stream is not null;

    /// <summary>Whether any request was made.</summary>
    public bool HasSent => _anySent;

    /// <summary>How many events the service has accepted so far.</summary>
    public long AcceptedCount => _streams.Values.Sum(one => one.Result().EventCount);

    /// <summary>Whether everything was answered.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>A file begins.</summary>
    /// <param name="path">Its whole path.</param>
    /// <param name="source">Its number among the sources of the spool's run; -1 where there is none.</param>
    public FileProgress BeginFile(string path, int source)
    {
        Source = null;
        _stream!.BeginSource(source);
        return _progress.BeginFile(path);
    }

    /// <summary>A file was read to its end.</summary>
    public void EndFile(int source)
    {
        if (source >= 0)
        {
            _stream!.Spool!.EndSource(source);
        }
    }

    /// <summary>The record that keeps a file of the spool for another time; null where nothing does.</summary>
    public string? RecordOf(int source) => source < 0 ? null : _stream!.Spool!.RecordFile;

    /// <summary>Whether rows belong to this experiment now.</summary>
    public bool IsAt(string experimentId) => _stream?.ExperimentId == experimentId;

    /// <summary>Points to the experiment that the next rows belong to.</summary>
    public bool TryTarget(string experimentId, EventDefaults defaults)
    {
        if (IsAt(experimentId))
        {
            return true;
        }

        if (_stream is not null)
        {
            EndHandover(); // its rows belong to the experiment before
            BeforeTarget?.Invoke();
        }

        if (_streams.TryGetValue(experimentId, out _stream))
        {
            return true;
        }

        try
        {
            _streams.Add(experimentId, _stream = new EventBatcher(client, experimentId, defaults, options));
            spool?.Begin(_stream, defaults);
            return true;
        }
        catch (ArgumentException e)
        {
            string message = Failures.Reason(e);
            cmdlet.WriteError(Failures.InvalidValue(e, message, experimentId, "Give the id as New-LlmObsExperiment returned it."));
            return false;
        }
    }

    /// <summary>Files are read next: they are written down, so that reading can go on after the end of this process.</summary>
    /// <returns>The files, each with its number among the sources of the spool's run; -1 for one that nothing could be read of later either.</returns>
    /// <exception cref="SpoolException">That could not be written.</exception>
    public IReadOnlyList<(string File, int Source)> Announce(IReadOnlyList<string> files, bool arePiped)
    {
        if (_stream!.Spool is not SpoolRun run)
        {
            return [.. files.Select(file => (file, -1))];
        }

        (string File, SpoolSource? Source)[] found = [.. files.Select(file => (file, SourceOf(file)))];
        int next = run.AddSources(found.Select(one => one.Source).OfType<SpoolSource>(), arePiped);
        return [.. found.Select(one => (one.File, one.Source is null ? -1 : next++))];
    }

    private static SpoolSource? SourceOf(string file)
    {
        try
        {
            return EventFile.CanRead(file) ? SpoolSource.Of(file) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>A piped object is read next.</summary>
    /// <exception cref="SpoolException">That could not be written.</exception>
    public void Announce(PSObject piped)
    {
        Source = piped;
        _announced++;
        if (_stream!.Spool is SpoolRun run)
        {
            run.AddPipeline();
            _stream.BeginSource(-1);
        }
    }

    /// <summary>Sends the requests that a spool has kept; what is read afterwards is kept there too.</summary>
    public void Resume(SpoolRun run)
    {
        _stream!.KeepIn(run);
        foreach (string request in run.Requests)
        {
            ReadyBatch? batch;
            try
            {
                batch = run.Load(request, _stream);
            }
            catch (SpoolException e)
            {
                cmdlet.WriteError(Failures.UnreadableSpool(e));
                continue;
            }

            if (batch is not null)
            {
                Send(batch);
            }
        }
    }

    [MethodImpl(HotPath.Compiled)]
    public bool Accept(EventRow row, EventKind? kind)
    {
        if (bridge.Stopping.IsCancellationRequested)
        {
            throw _isElsewhere ? new OperationCanceledException() : new PipelineStoppedException();
        }

        if (_ending.HasBegun)
        {
            EndIfBegun();
            return false;
        }

        try
        {
            if (_stream!.Add(row, kind) is ReadyBatch batch)
            {
                Send(batch);
            }

            _progress.Count();
            if (!_isElsewhere)
            {
                _progress.Show();
            }

            return true;
        }
        catch (EventRowException problem) when (problem.IsMissingSetting)
        {
            // The same for every row: one error that says what to add, instead of one a row.
            Fail(Failures.MissingSetting(row.Place, problem, _stream!.ExperimentId), isLast: true);
        }
        catch (EventRowException problem)
        {
            Tell(row.Place, problem, Target);
        }

        return false;
    }

    public void Reject(RowPlace place, EventRowException problem, string? text)
    {
        if (!_ending.HasBegun)
        {
            _stream!.CountFailure();
            Tell(place, problem, TargetAt(place, text));
        }
    }

    public void Reject(RowPlace first, long count, EventRowException problem)
    {
        if (count == 1)
        {
            Reject(first, problem, text: null);
        }
        else if (!_ending.HasBegun)
        {
            for (long row = 0; row < count; row++)
            {
                _stream!.CountFailure();
            }

            Fail(Failures.InvalidEvents(first, count, problem));
        }
    }

    // One cause may meet every row: ten errors say it, and the rest is counted.
    private void Tell(RowPlace place, EventRowException problem, object? target)
    {
        if (_repeats.IsNew(place, problem))
        {
            Fail(Failures.InvalidEvent(place, problem, target));
        }
    }

    public void Ignore(string? source, IReadOnlyList<string> names)
    {
        const int MostNamed = 50; // a row may have a million
        string[] unsaid = [.. names.Where(name => _ignored.Add($"{source}\n{name}"))];
        if (unsaid.Length > 0)
        {
            string where = source is null ? string.Empty : $" of {source}";
            string[] named = [.. unsaid.Take(MostNamed)];
            string near = string.Concat(named.Select(name => NearestWord.Ask(name, EventFields.Names)));
            string more = unsaid.Length > MostNamed ? FormattableString.Invariant($" and {unsaid.Length - MostNamed} more") : string.Empty;
            string warning = (unsaid.Length == 1
                ? $"'{unsaid[0]}'{where} is no field of a span or a metric, and is not sent."
                : $"{string.Join(", ", named.Select(name => $"'{name}'"))}{more}{where} are no fields of a span or a metric, and are not sent.") + near;
            Say(to => to.WriteWarning(warning));
        }
    }

    public void Ignore(string? source, string name, string why)
    {
        if (_ignored.Add($"{source}\n{name}"))
        {
            string where = source is null ? string.Empty : $" of {source}";
            Say(to => to.WriteWarning($"'{name}'{where} {why}."));
        }
    }

    /// <summary>Says an error of the input. Where it ends the command, what was read before it is sent first.</summary>
    /// <param name="error">The error.</param>
    /// <param name="isLast">Whether it ends the command whatever the preference is.</param>
    public void Fail(ErrorRecord error, bool isLast = false)
    {
        if (_isElsewhere)
        {
            _ending.Announce(isLast);
            bridge.Post(to => _ending.Take(to, error, isLast));
        }
        else
        {
            _ending.Take(cmdlet, error, isLast);
            EndIfBegun();
        }
    }

    /// <summary>Ends the command where an error is to: sends what was read, waits for the answers, and says all of it in one error.</summary>
    public void EndIfBegun()
    {
        if (_isElsewhere || !_ending.HasBegun)
        {
            return;
        }

        EndHandover();
        RowPlace? last = _stream?.LastPlace;
        foreach (EventBatcher open in _streams.Values)
        {
            if (open.Flush() is ReadyBatch left)
            {
                Send(left);
            }
        }

        bridge.Await(Sender.CompleteAsync);
        _progress.End();
        IsComplete = true;
        _ending.End(cmdlet, AcceptedCount, last);
    }

    public void Warn(string warning) => Say(to => to.WriteWarning(warning));

    /// <summary>Sends what is left, and waits for the last answer.</summary>
    public IReadOnlyList<SendResult> Complete()
    {
        EndHandover();
        foreach (EventBatcher open in _streams.Values)
        {
            if (open.Flush() is ReadyBatch last)
            {
                Send(last);
            }

            Warn(open.Doubts.Totals());
            open.Spool?.Close();
        }

        foreach ((RowPlace place, long count, EventRowException problem) in _repeats.TakeRest())
        {
            Fail(Failures.RepeatedEvents(place, count, problem));
        }

        bridge.Await(Sender.CompleteAsync);
        EndIfBegun();
        _progress.End();
        IsComplete = true;
        return [.. _streams.Values.Select(done => done.Result()).Where(result => _anySent || result.FailedCount > 0 || !_refusedByUser)];
    }

    public async ValueTask DisposeAsync()
    {
        if (_handover is not null)
        {
            await _handover.DisposeAsync().ConfigureAwait(false);
        }

        while (_full.TryDequeue(out ReadyBatch? left))
        {
            left.Dispose();
        }

        if (_startedSender is not null)
        {
            await _startedSender.DisposeAsync().ConfigureAwait(false);
        }

        foreach (EventBatcher left in _streams.Values)
        {
            left.Dispose();
        }
    }

    /// <summary>Maps a block of rows, not on the pipeline thread; nothing else maps or says anything meanwhile.</summary>
    private async Task MapAsync(RowBlock block, IEventRowSink rows)
    {
        _isElsewhere = true;
        try
        {
            for (int row = 0; row < block.Count && !_ending.HasBegun; row++)
            {
                _blockSource = block.Source(row);
                _blockRow.Load(block, row);
                rows.Accept(_blockRow, kind: null);
                while (_full.TryPeek(out ReadyBatch? batch))
                {
                    await Sender.EnqueueAsync(batch, bridge.Stopping).ConfigureAwait(false);
                    _full.Dequeue();
                }
            }
        }
        finally
        {
            _isElsewhere = false;
        }
    }

    private PSObject? Target => _isElsewhere ? _blockSource : Source;

    // A cell that was held back is refused after its row: the object that rows now come from is another one.
    private object? TargetAt(RowPlace place, string? text) =>
        place.Row == (_isElsewhere ? _blockRow.Place.Row : _announced) || text is null ? (object?)Target ?? text : text;

    private void Say(Action<LlmObsCmdlet> message)
    {
        if (_isElsewhere)
        {
            bridge.Post(message);
        }
        else
        {
            message(cmdlet);
        }
    }

    private void Warn(IEnumerable<string> doubts)
    {
        foreach (string doubt in doubts)
        {
            Say(to => to.WriteWarning(doubt));
        }
    }

    private void Send(ReadyBatch batch)
    {
        Warn(batch.Doubts.TakeFirst());
        if (_isElsewhere)
        {
            _anySent = true;
            _full.Enqueue(batch);
            return;
        }

        if (!confirm(batch))
        {
            _refusedByUser = true;
            batch.LeaveOut();
            batch.Dispose();
            return;
        }

        _anySent = true;
        try
        {
            if (Sender.TryEnqueue(batch))
            {
                bridge.Drain();
                return;
            }
        }
        catch (SpoolException e)
        {
            // What was handed over before is safe, and goes on; the rest is still the caller's.
            bridge.Await(Sender.CompleteAsync);
            IsComplete = true;
            if (spool is null)
            {
                throw; // files are read on another time
            }

            cmdlet.ThrowTerminatingError(Failures.NotSpooled(e, batch));
        }

        bridge.Await(token => Sender.EnqueueAsync(batch, token).AsTask());
    }

    /// <summary>How the command ends where an error ends it: with everything sent that was read, and one error.</summary>
    private sealed class Ending(bool isAtFirstError)
    {
        private readonly List<ErrorRecord> _errors = [];
        private volatile bool _hasBegun;
        private bool _isTerminating;

        public bool HasBegun => _hasBegun;

        /// <summary>Said on another thread, before the error is taken: no further row is mapped.</summary>
        public void Announce(bool isLast)
        {
            if (isAtFirstError || isLast)
            {
                _hasBegun = true;
            }
        }

        /// <summary>On the pipeline thread.</summary>
        public void Take(LlmObsCmdlet cmdlet, ErrorRecord error, bool isLast)
        {
            Announce(isLast);
            _isTerminating |= isLast;
            if (_hasBegun)
            {
                _errors.Add(error);
            }
            else
            {
                cmdlet.WriteError(error);
            }
        }

        public void End(LlmObsCmdlet cmdlet, long accepted, RowPlace? last)
        {
            ErrorRecord error = Failures.Ended(_errors, accepted, last);
            if (!_isTerminating)
            {
                cmdlet.WriteError(error);
            }

            cmdlet.ThrowTerminatingError(error);
        }
    }

    private sealed class Observer(AsyncPipelineBridge bridge, Ending ending) : VerboseObserver(bridge), IEventObserver
    {
        private readonly AsyncPipelineBridge _bridge = bridge;

        public void OnTrouble(string message) => _bridge.Post(cmdlet => cmdlet.WriteWarning(message));

        public void OnFailing() => ending.Announce(isLast: false);

        public void OnFailed(UndeliveredEvents events) => _bridge.Post(cmdlet => ending.Take(cmdlet, Failures.ToRecord(events), isLast: false));
    }
}
