using System.Management.Automation;
using System.Runtime.CompilerServices;

namespace LlmObs.PowerShell.Sending;

/// <summary>
/// One call of Send-LlmObsEvent: rows come in on the pipeline thread, become batches there, and are sent in the background.
/// </summary>
internal sealed class EventUpload(
    LlmObsCmdlet cmdlet, PipelineBridge bridge, LlmObsClient client, SendOptions options, Func<ReadyBatch, bool> confirm, UploadSpool? spool = null)
    : IEventRowSink, IAsyncDisposable
{
    private readonly Dictionary<string, EventStream> streams = new(StringComparer.Ordinal);
    private readonly HashSet<string> ignored = new(StringComparer.OrdinalIgnoreCase);
    private readonly Ending ending = new(cmdlet.EndsAtErrors);
    private EventSender? startedSender;
    private readonly UploadProgress progress = new(cmdlet);
    private readonly Queue<ReadyBatch> full = [];
    private readonly RepeatedProblems repeats = new();
    private readonly BlockRow blockRow = new();
    private EventStream? stream;
    private RowHandover? handover;
    private PSObject? blockSource;
    private bool isElsewhere; // than on the pipeline thread
    private bool refusedByUser; // -WhatIf, or no at -Confirm
    private bool anySent;
    private long announced; // piped objects

    private EventSender Sender => startedSender ??= new EventSender(client, options, new Observer(bridge, ending));

    /// <summary>The piped object that rows now come from; null for a file.</summary>
    public PSObject? Source { get; set; }

    /// <summary>What is to be done before rows of another experiment come.</summary>
    public Action? BeforeTarget { get; set; }

    /// <summary>Has piped rows mapped on another thread.</summary>
    /// <param name="rows">Takes the rows there: this upload, or what stands before it.</param>
    public RowHandover HandOver(IEventRowSink rows) => handover = new RowHandover(bridge, block => MapAsync(block, rows), progress.Show);

    /// <summary>Waits until all rows that were handed over are mapped; what comes next is mapped on the pipeline thread.</summary>
    public void EndHandover() => handover?.End();

    /// <summary>The experiment that rows now belong to.</summary>
    public string ExperimentId => stream!.ExperimentId;

    /// <summary>Whether any experiment was named.</summary>
    public bool HasTarget => stream is not null;

    /// <summary>Whether any request was made.</summary>
    public bool HasSent => anySent;

    /// <summary>How many events the service has accepted so far.</summary>
    public long AcceptedCount => streams.Values.Sum(one => one.Result().EventCount);

    /// <summary>Whether everything was answered.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>A file begins.</summary>
    /// <param name="path">Its whole path.</param>
    /// <param name="source">Its number among the sources of the spool's run; -1 where there is none.</param>
    public FileProgress BeginFile(string path, int source)
    {
        Source = null;
        stream!.BeginSource(source);
        return progress.BeginFile(path);
    }

    /// <summary>A file was read to its end.</summary>
    public void EndFile(int source)
    {
        if (source >= 0)
        {
            stream!.Spool!.EndSource(source);
        }
    }

    /// <summary>The record that keeps a file of the spool for another time; null where nothing does.</summary>
    public string? RecordOf(int source) => source < 0 ? null : stream!.Spool!.RecordFile;

    /// <summary>Whether rows belong to this experiment now.</summary>
    public bool IsAt(string experimentId) => stream?.ExperimentId == experimentId;

    /// <summary>Points to the experiment that the next rows belong to.</summary>
    public bool TryTarget(string experimentId, EventDefaults defaults)
    {
        if (IsAt(experimentId))
        {
            return true;
        }

        if (stream is not null)
        {
            EndHandover(); // its rows belong to the experiment before
            BeforeTarget?.Invoke();
        }

        if (streams.TryGetValue(experimentId, out stream))
        {
            return true;
        }

        try
        {
            streams.Add(experimentId, stream = new EventStream(client, experimentId, defaults, options));
            spool?.Begin(stream, defaults);
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
        if (stream!.Spool is not SpoolRun run)
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
        announced++;
        if (stream!.Spool is SpoolRun run)
        {
            run.AddPipeline();
            stream.BeginSource(-1);
        }
    }

    /// <summary>Sends the requests that a spool has kept; what is read afterwards is kept there too.</summary>
    public void Resume(SpoolRun run)
    {
        stream!.KeepIn(run);
        foreach (string request in run.Requests)
        {
            ReadyBatch? batch;
            try
            {
                batch = run.Load(request, stream);
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
            throw isElsewhere ? new OperationCanceledException() : new PipelineStoppedException();
        }

        if (ending.HasBegun)
        {
            EndIfBegun();
            return false;
        }

        try
        {
            if (stream!.Add(row, kind) is ReadyBatch batch)
            {
                Send(batch);
            }

            progress.Count();
            if (!isElsewhere)
            {
                progress.Show();
            }

            return true;
        }
        catch (EventRowException problem) when (problem.IsMissingSetting)
        {
            // The same for every row: one error that says what to add, instead of one a row.
            Fail(Failures.MissingSetting(row.Place, problem, stream!.ExperimentId), isLast: true);
        }
        catch (EventRowException problem)
        {
            Tell(row.Place, problem, Target);
        }

        return false;
    }

    public void Reject(RowPlace place, EventRowException problem, string? text)
    {
        if (!ending.HasBegun)
        {
            stream!.CountFailure();
            Tell(place, problem, TargetAt(place, text));
        }
    }

    public void Reject(RowPlace first, long count, EventRowException problem)
    {
        if (count == 1)
        {
            Reject(first, problem, text: null);
        }
        else if (!ending.HasBegun)
        {
            for (long row = 0; row < count; row++)
            {
                stream!.CountFailure();
            }

            Fail(Failures.InvalidEvents(first, count, problem));
        }
    }

    // One cause may meet every row: ten errors say it, and the rest is counted.
    private void Tell(RowPlace place, EventRowException problem, object? target)
    {
        if (repeats.IsNew(place, problem))
        {
            Fail(Failures.InvalidEvent(place, problem, target));
        }
    }

    public void Ignore(string? source, IReadOnlyList<string> names)
    {
        const int MostNamed = 50; // a row may have a million
        string[] unsaid = [.. names.Where(name => ignored.Add($"{source}\n{name}"))];
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
        if (ignored.Add($"{source}\n{name}"))
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
        if (isElsewhere)
        {
            ending.Announce(isLast);
            bridge.Post(to => ending.Take(to, error, isLast));
        }
        else
        {
            ending.Take(cmdlet, error, isLast);
            EndIfBegun();
        }
    }

    /// <summary>Ends the command where an error is to: sends what was read, waits for the answers, and says all of it in one error.</summary>
    public void EndIfBegun()
    {
        if (isElsewhere || !ending.HasBegun)
        {
            return;
        }

        EndHandover();
        RowPlace? last = stream?.LastPlace;
        foreach (EventStream open in streams.Values)
        {
            if (open.Flush() is ReadyBatch left)
            {
                Send(left);
            }
        }

        bridge.Await(Sender.CompleteAsync);
        progress.End();
        IsComplete = true;
        ending.End(cmdlet, AcceptedCount, last);
    }

    public void Warn(string warning) => Say(to => to.WriteWarning(warning));

    /// <summary>Sends what is left, and waits for the last answer.</summary>
    public IReadOnlyList<SendResult> Complete()
    {
        EndHandover();
        foreach (EventStream open in streams.Values)
        {
            if (open.Flush() is ReadyBatch last)
            {
                Send(last);
            }

            Warn(open.Doubts.Totals());
            open.Spool?.Close();
        }

        foreach ((RowPlace place, long count, EventRowException problem) in repeats.TakeRest())
        {
            Fail(Failures.RepeatedEvents(place, count, problem));
        }

        bridge.Await(Sender.CompleteAsync);
        EndIfBegun();
        progress.End();
        IsComplete = true;
        return [.. streams.Values.Select(done => done.Result()).Where(result => anySent || result.FailedCount > 0 || !refusedByUser)];
    }

    public async ValueTask DisposeAsync()
    {
        if (handover is not null)
        {
            await handover.DisposeAsync().ConfigureAwait(false);
        }

        while (full.TryDequeue(out ReadyBatch? left))
        {
            left.Dispose();
        }

        if (startedSender is not null)
        {
            await startedSender.DisposeAsync().ConfigureAwait(false);
        }

        foreach (EventStream left in streams.Values)
        {
            left.Dispose();
        }
    }

    /// <summary>Maps a block of rows, not on the pipeline thread; nothing else maps or says anything meanwhile.</summary>
    private async Task MapAsync(RowBlock block, IEventRowSink rows)
    {
        isElsewhere = true;
        try
        {
            for (int row = 0; row < block.Count && !ending.HasBegun; row++)
            {
                blockSource = block.Source(row);
                blockRow.Load(block, row);
                rows.Accept(blockRow, kind: null);
                while (full.TryPeek(out ReadyBatch? batch))
                {
                    await Sender.EnqueueAsync(batch, bridge.Stopping).ConfigureAwait(false);
                    full.Dequeue();
                }
            }
        }
        finally
        {
            isElsewhere = false;
        }
    }

    private PSObject? Target => isElsewhere ? blockSource : Source;

    // A cell that was held back is refused after its row: the object that rows now come from is another one.
    private object? TargetAt(RowPlace place, string? text) =>
        place.Row == (isElsewhere ? blockRow.Place.Row : announced) || text is null ? (object?)Target ?? text : text;

    private void Say(Action<LlmObsCmdlet> message)
    {
        if (isElsewhere)
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
        if (isElsewhere)
        {
            anySent = true;
            full.Enqueue(batch);
            return;
        }

        if (!confirm(batch))
        {
            refusedByUser = true;
            batch.LeaveOut();
            batch.Dispose();
            return;
        }

        anySent = true;
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
        private readonly List<ErrorRecord> errors = [];
        private volatile bool hasBegun;
        private bool isTerminating;

        public bool HasBegun => hasBegun;

        /// <summary>Said on another thread, before the error is taken: no further row is mapped.</summary>
        public void Announce(bool isLast)
        {
            if (isAtFirstError || isLast)
            {
                hasBegun = true;
            }
        }

        /// <summary>On the pipeline thread.</summary>
        public void Take(LlmObsCmdlet cmdlet, ErrorRecord error, bool isLast)
        {
            Announce(isLast);
            isTerminating |= isLast;
            if (hasBegun)
            {
                errors.Add(error);
            }
            else
            {
                cmdlet.WriteError(error);
            }
        }

        public void End(LlmObsCmdlet cmdlet, long accepted, RowPlace? last)
        {
            ErrorRecord error = Failures.Ended(errors, accepted, last);
            if (!isTerminating)
            {
                cmdlet.WriteError(error);
            }

            cmdlet.ThrowTerminatingError(error);
        }
    }

    private sealed class Observer(PipelineBridge bridge, Ending ending) : VerboseObserver(bridge), IEventObserver
    {
        private readonly PipelineBridge bridge = bridge;

        public void OnTrouble(string message) => bridge.Post(cmdlet => cmdlet.WriteWarning(message));

        public void OnFailing() => ending.Announce(isLast: false);

        public void OnFailed(FailedEvents events) => bridge.Post(cmdlet => ending.Take(cmdlet, Failures.ToRecord(events), isLast: false));
    }
}
