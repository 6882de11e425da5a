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
    private readonly EventSender sender = new(client, options, new Observer(bridge));
    private readonly Dictionary<string, string> tables = new(StringComparer.Ordinal);
    private readonly UploadProgress progress = new(cmdlet);
    private readonly Queue<ReadyBatch> full = [];
    private readonly BlockRow blockRow = new();
    private EventStream? stream;
    private RowHandover? handover;
    private PSObject? blockSource;
    private bool isElsewhere; // than on the pipeline thread
    private bool refused;
    private bool anySent;

    /// <summary>The piped object that rows now come from; null for a file.</summary>
    public PSObject? Source { get; set; }

    /// <summary>Has piped rows mapped on another thread.</summary>
    /// <param name="rows">Takes the rows there: this upload, or what stands before it.</param>
    public RowHandover HandOver(IEventRowSink rows) => handover = new RowHandover(bridge, block => MapAsync(block, rows), progress.Show);

    /// <summary>Waits until all rows that were handed over are mapped; what comes next is mapped on the pipeline thread.</summary>
    public void EndHandover() => handover?.End();

    /// <summary>The experiment that rows now belong to.</summary>
    public string ExperimentId => stream!.ExperimentId;

    /// <summary>Whether any request was made.</summary>
    public bool HasSent => anySent;

    /// <summary>How many events the service has accepted so far.</summary>
    public long AcceptedCount => streams.Values.Sum(one => one.Result().EventCount);

    /// <summary>Whether everything was answered.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>A file begins.</summary>
    public FileProgress BeginFile(string path)
    {
        Source = null;
        return progress.BeginFile(path);
    }

    /// <summary>
    /// What a file's rows get their ids from: its name, so that ids are the same on every machine; its whole path where
    /// another file of that name was read before.
    /// </summary>
    public string NameTable(string path)
    {
        string name = System.IO.Path.GetFileName(path);
        return tables.TryAdd(name, path) || tables[name] == path ? name : path;
    }

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
    /// <exception cref="SpoolException">That could not be written.</exception>
    public void Announce(IEnumerable<string> files, bool arePiped) =>
        stream!.Spool?.AddSources(files.Where(File.Exists).Select(SpoolSource.Of), arePiped);

    /// <summary>A piped object is read next.</summary>
    /// <exception cref="SpoolException">That could not be written.</exception>
    public void Announce(PSObject piped)
    {
        Source = piped;
        stream!.Spool?.AddPipeline();
    }

    /// <summary>Sends the requests that a spool has kept; what is read afterwards is kept there too.</summary>
    public void Resume(SpoolRun run)
    {
        stream!.KeepIn(run);
        foreach (string request in run.Requests)
        {
            if (run.Load(request, stream!) is ReadyBatch batch)
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
            refused = true;
            ErrorRecord error = Failures.MissingSetting(row.Place, problem, stream!.ExperimentId);
            Say(to => to.ThrowTerminatingError(error));
        }
        catch (EventRowException problem)
        {
            ErrorRecord error = Failures.InvalidEvent(row.Place, problem, Target);
            Say(to => to.WriteError(error));
        }

        return false;
    }

    public void Reject(RowPlace place, EventRowException problem, string? text)
    {
        stream!.CountFailure();
        ErrorRecord error = Failures.InvalidEvent(place, problem, (object?)Target ?? text);
        Say(to => to.WriteError(error));
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

    /// <summary>Sends what is left, and waits for the last answer.</summary>
    /// <param name="isRead">Whether all input was read, so that a spool need not remember it.</param>
    public IReadOnlyList<SendResult> Complete(bool isRead = true)
    {
        EndHandover();
        foreach (EventStream open in streams.Values)
        {
            if (open.Flush() is ReadyBatch last)
            {
                Send(last);
            }

            Warn(open.Doubts.Totals());

            if (isRead)
            {
                open.Spool?.Close();
            }
        }

        bridge.Await(sender.CompleteAsync);
        progress.End();
        IsComplete = true;
        return [.. streams.Values.Select(done => done.Result()).Where(result => anySent || result.FailedCount > 0)];
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

        await sender.DisposeAsync().ConfigureAwait(false);
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
            for (int row = 0; row < block.Count && !refused; row++)
            {
                blockSource = block.Source(row);
                blockRow.Load(block, row);
                rows.Accept(blockRow, kind: null);
                while (full.TryPeek(out ReadyBatch? batch))
                {
                    await sender.EnqueueAsync(batch, bridge.Stopping).ConfigureAwait(false);
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
            batch.LeaveOut();
            batch.Dispose();
            return;
        }

        anySent = true;
        try
        {
            if (sender.TryEnqueue(batch))
            {
                bridge.Drain();
                return;
            }
        }
        catch (SpoolException e)
        {
            // What was handed over before is safe, and goes on; the rest is still the caller's.
            bridge.Await(sender.CompleteAsync);
            cmdlet.ThrowTerminatingError(Failures.NotSpooled(e, batch));
        }

        bridge.Await(token => sender.EnqueueAsync(batch, token).AsTask());
    }

    private sealed class Observer(PipelineBridge bridge) : VerboseObserver(bridge), IEventObserver
    {
        private readonly PipelineBridge bridge = bridge;

        public void OnTrouble(string message) => bridge.Post(cmdlet => cmdlet.WriteWarning(message));

        public void OnFailed(FailedEvents events) => bridge.Post(cmdlet => cmdlet.WriteError(Failures.ToRecord(events)));
    }
}
