using System.Collections.Concurrent;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Runtime.ExceptionServices;
using LlmObs.Evaluation.Evaluators;
using LlmObs.Evaluation.Results;

namespace LlmObs.PowerShell.Running;

/// <summary>
/// Runs tasks and evaluators in slots, and hands finished rows to the pipeline thread. It knows neither the service nor files.
/// </summary>
internal sealed class RunEngine : IDisposable
{
    private const int FewestQueued = 100; // records that wait for a slot
    private const int MostWaiting = 1000; // finished rows that nobody has taken yet
    private static readonly TimeSpan LongestStopWait = TimeSpan.FromSeconds(1); // for the news of Ctrl+C
    private static readonly TimeSpan LongestRetryWait = TimeSpan.FromMinutes(1);

    private readonly AsyncPipelineBridge _bridge;
    private readonly ConcurrentDictionary<int, string> _runIds = new();
    private readonly List<TaskSlot> _slots = [];
    private readonly StartLimiter? _limiter;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource<IReadOnlyList<OutsideName>> _prepared = new(TaskCreationOptions.RunContinuationsAsynchronously); // the first runspace
    private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _openedSlots; // by whoever adds work
    private int _openSlots; // of those, and of further ones, they that have not ended
    private int _failures;
    private Exception? _failure;

    public RunEngine(RunSettings settings, AsyncPipelineBridge bridge)
    {
        Settings = settings;
        _bridge = bridge;
        Queue = new WorkQueue(Math.Max(FewestQueued, 2 * settings.ThrottleLimit), settings.Time);
        _limiter = settings.RequestsPerMinute is int most ? new StartLimiter(most, settings.Time) : null;
        InitialState = SlotSession.Make(settings.IsVerbose, settings.Functions);
        Outputs = new TaskOutputs(settings, bridge);
    }

    public RunSettings Settings { get; }

    /// <summary>The id of an iteration; set before work is added.</summary>
    public Func<int, string> ToRunId { get; set; } = static _ => string.Empty;

    public WorkQueue Queue { get; }

    public TaskOutputs Outputs { get; }

    /// <summary>The initial state of each runspace.</summary>
    public InitialSessionState InitialState { get; }

    /// <summary>Finished rows, in the order in which they were finished.</summary>
    public BlockingCollection<ResultRow> Finished { get; } = new(MostWaiting);

    /// <summary>True if the run was abandoned, because too many rows failed.</summary>
    public bool IsGivenUp { get; private set; }

    /// <summary>The error that ended the run early; null for none.</summary>
    public Exception? Failure => _failure;

    /// <summary>Opens the first slot, and waits for its runspace: what it can't be prepared with, no other one can.</summary>
    /// <exception cref="RunPreparationException">It could not be prepared.</exception>
    /// <returns>What the scripts use of the user's session, and a runspace does not have.</returns>
    public async Task<IReadOnlyList<OutsideName>> PrepareAsync(CancellationToken cancellation)
    {
        Open();
        await Task.WhenAny(_prepared.Task, _failed.Task).WaitAsync(cancellation).ConfigureAwait(false);
        if (_failure is not null)
        {
            ExceptionDispatchInfo.Throw(_failure);
        }

        return await _prepared.Task.ConfigureAwait(false);
    }

    /// <summary>The runspace of a slot is ready.</summary>
    public void OnSlotPrepared(RowScripts scripts) => _prepared.TrySetResult(scripts.Lacking);

    /// <summary>Adds work, waiting for room. A slot more is opened if no open one is idle: few records need few runspaces.</summary>
    /// <returns>False if no more is wanted.</returns>
    public bool TryAdd(WorkItem item)
    {
        if (!Queue.TryAdd(item))
        {
            return false;
        }

        if (_openedSlots < Settings.ThrottleLimit && Queue.IsBehind)
        {
            Open();
        }

        return true;
    }

    /// <summary>Says that no more is added.</summary>
    public void CompleteAdding()
    {
        Queue.Complete();
        if (_openedSlots == 0)
        {
            Finished.CompleteAdding(); // otherwise the last slot does so
        }
    }

    /// <summary>Runs the summary evaluators, once all rows are finished.</summary>
    /// <param name="iterations">The rows of each iteration, in the order of the records; null for those that failed.</param>
    /// <returns>Their results for each iteration.</returns>
    public async Task<IReadOnlyList<ResultSummary>> SummarizeAsync(IReadOnlyList<(int Iteration, IReadOnlyList<EvaluatedRow?> Rows)> iterations)
    {
        var done = new TaskCompletionSource<IReadOnlyList<ResultSummary>>(TaskCreationOptions.RunContinuationsAsynchronously);
        var slot = new TaskSlot(this, scripts => done.TrySetResult([.. iterations.Select(one => new ResultSummary
        {
            RunId = RunIdOf(one.Iteration),
            RunIteration = one.Iteration,
            Evaluations = scripts.Summarize(one.Rows),
        })]));
        Interlocked.Increment(ref _openSlots);
        using CancellationTokenRegistration stop = _stopping.Token.Register(() => done.TrySetCanceled());
        Begin(slot);
        await Task.WhenAny(done.Task, _failed.Task).ConfigureAwait(false);
        return _failure is null ? await done.Task.ConfigureAwait(false) : [];
    }

    /// <summary>Waits until the rate allows a task to begin.</summary>
    public void WaitToBegin()
    {
        if (_limiter is not null)
        {
            SlotWait.For(_limiter.WaitAsync(_stopping.Token));
        }
    }

    /// <summary>The task has come to an end: its row is judged and handed on, or it is run again later.</summary>
    /// <returns>False if the run is being stopped, and the end came of that: the row is left to a later run.</returns>
    public bool TrySettle(WorkItem item, AttemptResult result, RowScripts scripts)
    {
        if (IsBeingStopped(scripts))
        {
            return false;
        }

        if (result.Error is not null && TryAgain(item, result))
        {
            return true;
        }

        ResultRow row = ToRow(item, result);
        if (row.IsFailed)
        {
            row = row with { Evaluations = Skipped() };
        }
        else if (Settings.Evaluators.Count > 0)
        {
            RunRecord record = item.Record;
            var seen = new EvaluatedRow
            {
                RecordId = record.Id,
                RunIteration = item.Iteration,
                Input = record.Record.Input,
                Output = result.Output,
                ExpectedOutput = record.Record.ExpectedOutput,
                Metadata = result.MetadataJson.IsMissing ? record.Record.Metadata : JsonSnapshot.ReadForScripts(row.Metadata),
                Config = Settings.ScriptConfig,
                Duration = TimeSpan.FromTicks(result.DurationNs / TimeSpan.NanosecondsPerTick),
            };
            IReadOnlyList<RowEvaluator> lacking = Lacking(row);
            List<ResultEvaluation> found = scripts.Evaluate(lacking, seen, new JudgedRow(record.Input, row.Output, record.ExpectedOutput, row.Metadata));
            if (IsBeingStopped(scripts))
            {
                return false;
            }

            row = row with { Evaluations = row.Evaluations.Count == 0 ? found : [.. row.Evaluations.Where(old => !IsReplaced(old, lacking, found)), .. found] };
        }

        HandOn(row);
        return true;
    }

    // A program that Ctrl+C reaches, too, may be dead before the run knows that it is to end.
    private bool IsBeingStopped(RowScripts scripts)
    {
        if (!scripts.IsInterrupted)
        {
            return false;
        }

        try
        {
            SlotWait.For(Task.Delay(LongestStopWait, Settings.Time, _bridge.Stopping));
        }
        catch (OperationCanceledException)
        {
            return true;
        }

        return false;
    }

    // The error of an evaluator has its name as the label, whatever labels its values have.
    private static bool IsReplaced(ResultEvaluation old, IReadOnlyList<RowEvaluator> judgedAgain, List<ResultEvaluation> found) =>
        found.Any(one => one.Label == old.Label) || (old.Error is not null && judgedAgain.Any(evaluator => evaluator.Name == old.EvaluatorName));

    // A row that was run before has what was given then; what failed is tried again.
    private IReadOnlyList<RowEvaluator> Lacking(ResultRow row) => row.Evaluations.Count == 0
        ? Settings.Evaluators
        : [.. Settings.Evaluators.Where(evaluator => !row.HasEvaluationOf(evaluator.Name))];

    /// <summary>The task went over its time.</summary>
    public void SettleTimeout(WorkItem item)
    {
        AttemptResult result = AttemptResult.OverTime(Settings.TaskTimeout!.Value, Settings.Time.GetUtcNow());
        if (!TryAgain(item, result))
        {
            HandOn(ToRow(item, result) with { Evaluations = Skipped() });
        }
    }

    /// <summary>The task has ended its own pipeline.</summary>
    public void SettleStopped(WorkItem item) =>
        HandOn(ToRow(item, AttemptResult.Stopped(Settings.Time.GetUtcNow())) with { Evaluations = Skipped() });

    /// <summary>A slot whose task can't be stopped is left to itself; another one goes on.</summary>
    public void Replace(TaskSlot abandoned)
    {
        lock (_slots)
        {
            _slots.Remove(abandoned);
        }

        Begin(new TaskSlot(this)); // takes its place in the count of open ones, too
    }

    /// <summary>The run can't go on.</summary>
    public void Fail(Exception exception)
    {
        Interlocked.CompareExchange(ref _failure, exception, null);
        _failed.TrySetResult();
        Queue.Close();
    }

    public void OnSlotEnded()
    {
        if (Interlocked.Decrement(ref _openSlots) == 0)
        {
            Finished.CompleteAdding();
        }
    }

    /// <summary>Queues a message about a row for the pipeline thread.</summary>
    public void Say(Action<LlmObsCmdlet, string> message, WorkItem? item)
    {
        string id = item is null ? string.Empty : item.Record.Id + ": ";
        _bridge.Post(to => message(to, id));
    }

    public void SayInformation(InformationRecord record, WorkItem? item)
    {
        string text = (item is null ? string.Empty : item.Record.Id + ": ") + record.MessageData;
        bool isForHost = record.Tags.Contains("PSHOST");
        _bridge.Post(to => to.WriteInformation(isForHost ? new HostInformationMessage { Message = HostSafeText.Of(text) } : text, isForHost ? ["PSHOST"] : []));
    }

    /// <summary>Ends all tasks at once.</summary>
    /// <param name="limit">The longest time to wait for them.</param>
    public void Stop(TimeSpan limit)
    {
        _stopping.Cancel();
        Queue.Close();
        TaskSlot[] all;
        lock (_slots)
        {
            all = [.. _slots];
        }

        foreach (TaskSlot slot in all)
        {
            slot.Stop();
        }

        // Slots that wait for room have it now; their rows are stored, too.
        long begin = Environment.TickCount64;
        foreach (TaskSlot slot in all)
        {
            double left = limit.TotalMilliseconds - (Environment.TickCount64 - begin);
            slot.Join(TimeSpan.FromMilliseconds(Math.Max(0, left)));
        }
    }

    public void Dispose()
    {
        _stopping.Cancel();
        Queue.Dispose();
    }

    private void Open()
    {
        _openedSlots++;
        Interlocked.Increment(ref _openSlots);
        Begin(new TaskSlot(this));
    }

    private void Begin(TaskSlot slot)
    {
        lock (_slots)
        {
            if (_stopping.IsCancellationRequested)
            {
                return;
            }

            _slots.Add(slot);
            slot.Start();
        }
    }

    private void HandOn(ResultRow row)
    {
        if (row.IsFailed && Settings.MaxFailureCount is int most && Interlocked.Increment(ref _failures) > most)
        {
            IsGivenUp = true;
            Queue.Close();
        }

        try
        {
            Finished.Add(row, _stopping.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or InvalidOperationException)
        {
            // Nobody takes rows any more.
        }

        Queue.Done();
    }

    private string RunIdOf(int iteration) => _runIds.GetOrAdd(iteration, ToRunId);

    private ResultRow ToRow(WorkItem item, AttemptResult result) => item.Stored is ResultRow stored ? stored with { RunId = RunIdOf(item.Iteration) } : new()
    {
        RecordId = item.Record.Id,
        RunId = RunIdOf(item.Iteration),
        RunIteration = item.Iteration,
        SpanId = EventIds.NewSpanId(),
        TraceId = EventIds.NewTraceId(),
        StartNs = result.StartNs,
        DurationNs = result.DurationNs,
        Input = item.Record.Input,
        ExpectedOutput = item.Record.ExpectedOutput,
        Output = result.Error is null ? result.OutputJson : RawJson.Of("null"),
        Metadata = result.MetadataJson.IsMissing ? item.Record.Metadata : JsonSnapshot.Merge(item.Record.Metadata, result.MetadataJson),
        Tags = result.Told is { Tags.Count: > 0 } told ? [.. item.Record.Record.Tags, .. told.Tags] : item.Record.Record.Tags,
        Status = result.Error is null ? SpanStatus.Ok : SpanStatus.Error,
        Error = result.Error,
        InputTokenCount = result.Told?.InputTokenCount,
        OutputTokenCount = result.Told?.OutputTokenCount,
        CostUsd = result.Told?.CostUsd,
        FromCache = result.FromCache,
    };

    private List<ResultEvaluation> Skipped() =>
        [.. Settings.Evaluators.Select(evaluator => new ResultEvaluation { Label = evaluator.Name, Error = SkippedError })];

    /// <summary>The error of evaluators for a row whose task failed, in the words of Datadog's SDKs.</summary>
    public static RowError SkippedError { get; } = new("task error; evaluation skipped");

    // Full jitter: anything between nothing and twice as much as the time before, never less than the service asks for.
    private bool TryAgain(WorkItem item, AttemptResult result)
    {
        if (item.Stored is not null || item.Attempts >= Settings.MaxRetryCount || _stopping.IsCancellationRequested)
        {
            return false;
        }

        TimeSpan longest = TimeSpan.FromSeconds(Math.Min(LongestRetryWait.TotalSeconds, Math.Pow(2, item.Attempts)));
        TimeSpan wait = (result.RetryAfter ?? TimeSpan.Zero) + (longest * Random.Shared.NextDouble());
        item.Attempts++;
        if (!Queue.TryPutBack(item, wait))
        {
            return false;
        }

        if (Settings.IsVerbose)
        {
            Say((to, id) => to.WriteVerbose(FormattableString.Invariant($"{id}attempt {item.Attempts} failed ({result.Error!.Message}); again in {wait.TotalSeconds:0.0} s")), item);
        }

        return true;
    }
}
