using System.Collections.Concurrent;
using LlmObs.Evaluation.Results;

namespace LlmObs.PowerShell.Running;

/// <summary>
/// Sends the rows of a run as they are finished: each as a span and its metrics, in requests that are filled for at most a
/// second. Used on the pipeline thread.
/// </summary>
internal sealed class RunUpload : IAsyncDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private readonly PipelineBridge bridge;
    private readonly EventStream stream;
    private readonly EventSender sender;
    private readonly RunTags tags;
    private readonly string spanName;
    private readonly TimeProvider clock;
    private readonly ConcurrentDictionary<long, int> waiting = new(); // events of a row that are not answered, by its number
    private readonly ConcurrentQueue<long> accepted = new();
    private long begun; // when the oldest event came that is not sent yet
    private bool isWaiting;
    private bool isStopped;

    public RunUpload(PipelineBridge bridge, LlmObsClient client, RunTarget target)
    {
        this.bridge = bridge;
        var options = new SendOptions();
        clock = client.Options.Time;
        tags = new RunTags(target);
        spanName = target.ExperimentName;
        stream = new EventStream(client, target.ExperimentId, new EventDefaults { ProjectId = target.ProjectId, DatasetId = target.DatasetId, AreOfRun = true }, options);
        sender = new EventSender(client, options, new Observer(this, bridge));
    }

    /// <summary>Events that the service did not take.</summary>
    public long FailedCount => stream.Result().FailedCount;

    /// <summary>Events that the service took.</summary>
    public long AcceptedCount => stream.Result().EventCount;

    /// <summary>The numbers of rows whose events were all taken, each once.</summary>
    public IEnumerable<long> TakeAccepted()
    {
        while (accepted.TryDequeue(out long number))
        {
            yield return number;
        }
    }

    /// <summary>Hands a finished row over.</summary>
    public void Add(ResultRow row, long number)
    {
        waiting[number] = 1 + row.Evaluations.Count;
        Accept(new RunSpanRow(row, spanName, tags.OfSpan(row), WithCounts(row), number), EventKind.Span);
        if (row.Evaluations.Count > 0)
        {
            byte[] plain = tags.OfMetric(row.RunId, row.RunIteration, []);
            DateTimeOffset now = clock.GetUtcNow();
            foreach (ResultEvaluation evaluation in row.Evaluations)
            {
                byte[] own = evaluation.Tags.Count == 0 ? plain : tags.OfMetric(row.RunId, row.RunIteration, evaluation.Tags);
                Accept(new RunMetricRow(evaluation, row, now, own, number), EventKind.Metric);
            }
        }
    }

    /// <summary>Hands over what the summary evaluators found.</summary>
    /// <param name="summary">What they found.</param>
    /// <param name="latest">When the last row began, in nanoseconds since 1970.</param>
    public void Add(ResultSummary summary, long latest)
    {
        DateTimeOffset time = latest == 0 ? clock.GetUtcNow() : DateTimeOffset.UnixEpoch.AddTicks(latest / 100);
        foreach (ResultEvaluation evaluation in summary.Evaluations)
        {
            Accept(new RunMetricRow(evaluation, null, time, tags.OfMetric(summary.RunId, summary.RunIteration, evaluation.Tags), 0), EventKind.Metric);
        }
    }

    /// <summary>Hands a finished row over when the pipeline is stopped.</summary>
    public void AddLast(ResultRow row, long number)
    {
        isStopped = true;
        Add(row, number);
    }

    /// <summary>Sends what has waited long enough.</summary>
    public void FlushOld()
    {
        if (isWaiting && Environment.TickCount64 - begun >= LongestWait.TotalMilliseconds && stream.Flush() is ReadyBatch batch)
        {
            Send(batch);
        }
    }

    /// <summary>Sends everything, and waits for the answers.</summary>
    public void Complete()
    {
        if (stream.Flush() is ReadyBatch batch)
        {
            Send(batch);
        }

        bridge.Await(sender.CompleteAsync);
        foreach (string doubt in stream.Doubts.Totals())
        {
            bridge.Post(to => to.WriteWarning(doubt));
        }

        bridge.Drain();
    }

    /// <summary>Sends everything when the pipeline is stopped, and nothing can be said any more.</summary>
    public async Task CompleteAsync(CancellationToken cancellation)
    {
        if (stream.Flush() is ReadyBatch batch)
        {
            await sender.EnqueueAsync(batch, cancellation).ConfigureAwait(false);
        }

        await sender.CompleteAsync(cancellation).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await sender.DisposeAsync().ConfigureAwait(false);
        stream.Dispose();
    }

    // The API has no field for them; in the metadata they come back with the span.
    private static RawJson WithCounts(ResultRow row)
    {
        if (row.InputTokenCount is null && row.OutputTokenCount is null && row.CostUsd is null)
        {
            return row.Metadata;
        }

        var counts = new Dictionary<string, object>();
        void Add(string name, object? value)
        {
            if (value is not null)
            {
                counts[name] = value;
            }
        }

        Add("input_tokens", row.InputTokenCount);
        Add("output_tokens", row.OutputTokenCount);
        Add("cost_usd", row.CostUsd);
        return JsonSnapshot.Merge(row.Metadata, JsonSnapshot.Of(counts));
    }

    private void Accept(EventRow row, EventKind kind)
    {
        if (!isWaiting)
        {
            isWaiting = true;
            begun = Environment.TickCount64;
        }

        try
        {
            if (stream.Add(row, kind) is ReadyBatch batch)
            {
                Send(batch);
            }
        }
        catch (EventRowException problem)
        {
            bridge.Post(to => to.WriteError(Failures.InvalidEvent(row.Place, problem, null)));
        }
    }

    private void Send(ReadyBatch batch)
    {
        isWaiting = false;
        if (sender.TryEnqueue(batch))
        {
            return;
        }

        if (isStopped)
        {
            PipelineBridge.TryFinish(token => sender.EnqueueAsync(batch, token).AsTask(), LongestWait);
        }
        else
        {
            bridge.Await(token => sender.EnqueueAsync(batch, token).AsTask());
        }
    }

    private void OnAccepted(IReadOnlyList<RowPlace> rows)
    {
        foreach (IGrouping<long, RowPlace> row in rows.GroupBy(place => place.Row))
        {
            if (row.Key > 0 && waiting.AddOrUpdate(row.Key, 0, (_, left) => left - row.Count()) == 0)
            {
                waiting.TryRemove(row.Key, out _);
                accepted.Enqueue(row.Key);
            }
        }
    }

    private sealed class Observer(RunUpload upload, PipelineBridge bridge) : VerboseObserver(bridge), IEventObserver
    {
        private readonly PipelineBridge bridge = bridge;

        public void OnTrouble(string message) => bridge.Post(to => to.WriteWarning(message));

        public bool WantsAccepted => true;

        public void OnAccepted(IReadOnlyList<RowPlace> rows) => upload.OnAccepted(rows);

        public void OnFailed(FailedEvents events) => bridge.Post(to => to.WriteError(Failures.ToRecord(events)));
    }
}
