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

    private readonly AsyncPipelineBridge _bridge;
    private readonly EventUpload _upload;
    private readonly RunTags _tags;
    private readonly string _spanName;
    private readonly TimeProvider _clock;
    private readonly bool _tellsAccepted;
    private readonly ConcurrentDictionary<long, int> _waiting = new(); // events of a row that are not answered, by its number
    private readonly ConcurrentQueue<long> _accepted = new();
    private long _begun; // when the oldest event came that is not sent yet
    private bool _isWaiting;
    private bool _isStopped;

    /// <param name="bridge">The bridge that writes problems.</param>
    /// <param name="client">The service.</param>
    /// <param name="target">The experiment of the rows.</param>
    /// <param name="spool">Keeps each request until it is answered; null if nothing does.</param>
    /// <param name="tellsAccepted">Whether somebody asks which rows are safe.</param>
    /// <exception cref="SpoolException">The spool can't be written.</exception>
    public RunUpload(AsyncPipelineBridge bridge, LlmObsClient client, RunTarget target, EventSpool? spool, bool tellsAccepted)
    {
        _tellsAccepted = tellsAccepted;
        _bridge = bridge;
        _clock = client.Options.Time;
        _tags = new RunTags(target);
        _spanName = target.SpanName ?? target.ExperimentName;
        _upload = new EventUpload(client, new SendOptions(), new Listener(this, bridge, isSpooled: spool is not null), spool);
        _upload.Target(target.ExperimentId, new EventDefaults { ProjectId = target.ProjectId, DatasetId = target.DatasetId, AreOfRun = true });
    }

    /// <summary>Events that the service did not take.</summary>
    public long FailedCount => _upload.FailedCount;

    /// <summary>The numbers of rows whose events are all safe, each once: the service has them, or the spool keeps them for it.</summary>
    public IEnumerable<long> TakeAccepted()
    {
        while (_accepted.TryDequeue(out long number))
        {
            yield return number;
        }
    }

    /// <summary>Rows that were handed over and of which not all events are safe.</summary>
    public int UnsafeCount => _waiting.Count;

    /// <summary>Hands a finished row over.</summary>
    /// <param name="row">The row.</param>
    /// <param name="number">Its number.</param>
    /// <param name="known">Those of its evaluations that the service has, beside the span; null if it has nothing.</param>
    public void Add(ResultRow row, long number, IReadOnlyList<ResultEvaluation>? known)
    {
        IReadOnlyList<ResultEvaluation> evaluations = known is null ? row.Evaluations : [.. row.Evaluations.Except(known, ReferenceEqualityComparer.Instance).Cast<ResultEvaluation>()];
        int events = evaluations.Count + (known is null ? 1 : 0);
        if (_tellsAccepted && events == 0)
        {
            _accepted.Enqueue(number);
        }
        else if (_tellsAccepted)
        {
            _waiting[number] = events;
        }

        if (known is null)
        {
            Accept(new RunSpanRow(row, row.SpanName ?? _spanName, _tags.OfSpan(row), WithCounts(row), number), EventKind.Span);
        }

        if (evaluations.Count > 0)
        {
            byte[] plain = _tags.OfMetric(row.RunId, row.RunIteration, []);
            DateTimeOffset now = _clock.GetUtcNow();
            foreach (ResultEvaluation evaluation in evaluations)
            {
                byte[] own = evaluation.Tags.Count == 0 ? plain : _tags.OfMetric(row.RunId, row.RunIteration, evaluation.Tags);
                Accept(new RunMetricRow(evaluation, row, now, own, number), EventKind.Metric);
            }
        }
    }

    /// <summary>Hands over the summary evaluators' results.</summary>
    /// <param name="summary">Their results.</param>
    /// <param name="latest">When the last row began, in nanoseconds since 1970.</param>
    public void Add(ResultSummary summary, long latest)
    {
        DateTimeOffset time = latest == 0 ? _clock.GetUtcNow() : DateTimeOffset.UnixEpoch.AddTicks(latest / TimeSpan.NanosecondsPerTick);
        foreach (ResultEvaluation evaluation in summary.Evaluations)
        {
            Accept(new RunMetricRow(evaluation, null, time, _tags.OfMetric(summary.RunId, summary.RunIteration, evaluation.Tags), 0), EventKind.Metric);
        }
    }

    /// <summary>Hands a finished row over when the pipeline is stopped.</summary>
    public void AddLast(ResultRow row, long number, IReadOnlyList<ResultEvaluation>? known)
    {
        _isStopped = true;
        Add(row, number, known);
    }

    /// <summary>Sends what has waited long enough.</summary>
    public void FlushOld()
    {
        if (_isWaiting && Environment.TickCount64 - _begun >= LongestWait.TotalMilliseconds)
        {
            _upload.Flush();
            CatchUp();
        }
    }

    /// <summary>Sends everything, and waits for the answers.</summary>
    public void Complete()
    {
        Finish();
        _bridge.Await(_upload.CompleteAsync);
    }

    /// <summary>Hands everything over after the pipeline was stopped, when nothing can be written any more.</summary>
    public void Finish()
    {
        _upload.Finish();
    }

    /// <summary>Waits for the answers when the pipeline is stopped.</summary>
    public Task CompleteAsync(CancellationToken cancellation) => _upload.CompleteAsync(cancellation);

    public ValueTask DisposeAsync() => _upload.DisposeAsync();

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
        if (!_isWaiting)
        {
            _isWaiting = true;
            _begun = Environment.TickCount64;
        }

        _upload.Accept(row, kind);
        CatchUp();
    }

    private void CatchUp()
    {
        if (!_upload.IsBehind)
        {
            return;
        }

        if (_isStopped)
        {
            AsyncPipelineBridge.TryFinish(_upload.CatchUpAsync, LongestWait);
        }
        else
        {
            _bridge.Await(_upload.CatchUpAsync);
        }
    }

    private bool OnBatch()
    {
        _isWaiting = false;
        return true;
    }

    private void OnAccepted(IReadOnlyList<RowPlace> rows)
    {
        foreach ((long row, int count) in rows.CountBy(place => place.Row))
        {
            if (row > 0 && _waiting.AddOrUpdate(row, static (_, _) => 0, static (_, left, count) => left - count, count) == 0)
            {
                _waiting.TryRemove(row, out _);
                _accepted.Enqueue(row);
            }
        }
    }

    private sealed class Listener(RunUpload upload, AsyncPipelineBridge bridge, bool isSpooled) : VerboseObserver(bridge), IUploadListener
    {
        private readonly AsyncPipelineBridge _bridge = bridge;

        public void OnTrouble(string message) => _bridge.Post(to => to.WriteWarning(message));

        public bool OnBatch(ReadyBatch batch) => upload.OnBatch();

        public void OnKept(ReadyBatch batch)
        {
            if (upload._tellsAccepted)
            {
                upload.OnAccepted(batch.Rows());
            }
        }

        public void OnRefused(RefusedRows rows) => _bridge.Post(to => to.WriteError(rows.AreRest
            ? Failures.RepeatedEvents(rows.Place, rows.Count, rows.Problem)
            : Failures.InvalidEvent(rows.Place, rows.Problem, null)));

        public bool WantsAccepted => upload._tellsAccepted && !isSpooled;

        public void OnAccepted(IReadOnlyList<RowPlace> rows) => upload.OnAccepted(rows);

        public void OnFailed(UndeliveredEvents events) => _bridge.Post(to => to.WriteError(Failures.ToRecord(events)));
    }
}

/// <summary>An evaluator's result, as the metric that is sent.</summary>
/// <param name="evaluation">The result.</param>
/// <param name="row">The row that it judged; null for a summary.</param>
/// <param name="time">When it was measured.</param>
/// <param name="tags">All its tags, as a JSON list.</param>
/// <param name="number">The row's number, for errors.</param>
internal sealed class RunMetricRow(ResultEvaluation evaluation, ResultRow? row, DateTimeOffset time, byte[] tags, long number) : EventRow
{
    /// <inheritdoc/>
    public override RowPlace Place => new(null, number);

    /// <inheritdoc/>
    public override Cell Get(EventField field) => field switch
    {
        EventField.SpanId => Of(row?.SpanId),
        EventField.TraceId => Of(row?.TraceId),
        EventField.Label => Of(evaluation.Label),
        EventField.MetricType => Of(evaluation.MetricType ?? MetricType.Categorical),
        EventField.Value => Of(evaluation.Value),
        EventField.Timestamp => Cell.OfTime(time),
        EventField.Assessment => Of(evaluation.Assessment),
        EventField.Reasoning => Of(evaluation.Reasoning),
        EventField.ErrorMessage => Of(evaluation.Error?.Message),
        EventField.ErrorType => Of(evaluation.Error?.Type),
        EventField.ErrorStack => Of(evaluation.Error?.Stack),
        EventField.Metadata => Of(evaluation.Metadata),
        EventField.MetricSource => Of(row is null ? "summary" : "custom"),
        EventField.Tags => Cell.OfJson(tags),
        _ => Cell.Missing,
    };

    private static Cell Of(string? text) => text is null ? Cell.Missing : Cell.Of(text, text);

    private static Cell Of(RawJson json) => json.IsMissing ? Cell.Missing : Cell.OfJson(json.Utf8.Span);
}

/// <summary>A finished row as the span that is sent of it.</summary>
/// <param name="name">The name of the span.</param>
/// <param name="tags">All its tags, as a JSON list.</param>
/// <param name="metadata">The content of <c>meta.metadata</c>.</param>
/// <param name="number">The row's number, for errors.</param>
internal sealed class RunSpanRow(ResultRow row, string name, byte[] tags, RawJson metadata, long number) : EventRow
{
    private static readonly string[] CopyMembers = [RunTags.ParentSpan];

    /// <inheritdoc/>
    public override RowPlace Place => new(null, number);

    /// <inheritdoc/>
    public override IReadOnlyList<string> MetaMembers => row.ParentSpanId is null ? [] : CopyMembers;

    /// <inheritdoc/>
    public override Cell GetMetaMember(int member) => Of(row.ParentSpanId);

    /// <inheritdoc/>
    public override Cell Get(EventField field) => field switch
    {
        EventField.SpanId => Of(row.SpanId),
        EventField.TraceId => Of(row.TraceId),
        EventField.Name => Of(name),
        EventField.Start => Cell.Of(row.StartNs, null),
        EventField.Duration => Cell.Of(row.DurationNs, null),
        EventField.Status => Of(row.Status),
        EventField.Input => Of(row.Input),
        EventField.Output => Of(row.Output),
        EventField.ExpectedOutput => Of(row.ExpectedOutput),
        EventField.Metadata => Of(metadata),
        EventField.ErrorMessage => Of(row.Error?.Message),
        EventField.ErrorType => Of(row.Error?.Type),
        EventField.ErrorStack => Of(row.Error?.Stack),
        EventField.Tags => Cell.OfJson(tags),
        _ => Cell.Missing,
    };

    private static Cell Of(string? text) => text is null ? Cell.Missing : Cell.Of(text, text);

    private static Cell Of(RawJson json) => json.IsMissing ? Cell.Missing : Cell.OfJson(json.Utf8.Span);
}
