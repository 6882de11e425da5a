using System.Diagnostics;
using System.Management.Automation;
using LlmObs.Evaluation.Results;

namespace LlmObs.PowerShell.Running;

/// <summary>
/// Runs an experiment and records it: rows come from the engine's slots, and are sent, written to the file and counted on the
/// pipeline thread. However it ends, its status shows it.
/// </summary>
internal sealed class ExperimentRunner(LlmObsCmdlet cmdlet, AsyncPipelineBridge bridge, LlmObsClient client) : IDisposable
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromMilliseconds(400); // for tasks, when the run is stopped
    private static readonly TimeSpan FarewellLimit = TimeSpan.FromSeconds(5); // for the last requests then

    private readonly RunTotals _totals = new();
    private readonly List<ExperimentRow> _kept = [];
    private readonly List<EvaluationResult> _summaries = [];
    private readonly Stopwatch _watch = new();
    private readonly Dictionary<long, (string RecordId, int RunIteration)> _unanswered = [];
    private long _number;
    private long _latest;
    private RunPlan _plan = null!;
    private RunIterations? _iterations; // null if nothing judges them
    private RunVerdict _verdict = null!;
    private RunEngine _engine = null!;
    private LackingRows _lacking = null!;
    private RunUpload? _upload;
    private SpoolException? _spoolFailure;
    private int _unsent; // rows that were finished after that
    private Exception? _fileFailure;
    private int _unkept; // rows that the file does not have because of that

    /// <summary>Makes the first runspace ready, before anything is made or changed at the service.</summary>
    /// <exception cref="PipelineStoppedException">The pipeline was stopped.</exception>
    public void Prepare(RunSettings settings)
    {
        _engine = new RunEngine(settings, bridge);
        try
        {
            foreach (IGrouping<string, OutsideName> user in bridge.Await(_engine.PrepareAsync).GroupBy(one => one.User))
            {
                cmdlet.WriteWarning(Warnings.NotInRunspace(
                    user.Key,
                    [.. user.Where(one => !one.IsFunction).Select(one => one.Name)],
                    [.. user.Where(one => one.IsFunction).Select(one => one.Name)]));
            }
        }
        catch (Exception e) when (e is not PipelineStoppedException)
        {
            cmdlet.ThrowTerminatingError(Failures.RunNotPrepared(e, WhatFailed(e)));
        }
    }

    /// <summary>Runs it to its end.</summary>
    /// <exception cref="PipelineStoppedException">The pipeline was stopped; finished rows are stored.</exception>
    public ExperimentRun? Run(RunPlan toRun)
    {
        _plan = toRun;
        _watch.Restart();
        _lacking = new LackingRows(toRun.Lacking);
        _iterations = toRun.Settings.SummaryEvaluators.Count > 0 ? new RunIterations(toRun.Settings.ScriptConfig) : null;
        _verdict = new RunVerdict(toRun);
        _upload = MakeUpload();
        RunEngine engine = _engine;
        engine.ToRunId = iteration => RunIds.Of(_plan.Experiment.Id, iteration);
        bool isEnded = false;
        try
        {
            foreach (ResultRow earlier in _plan.Earlier)
            {
                Count(earlier);
            }

            if (_plan.SetsStatus && !TryTell(ExperimentStatus.Running, null))
            {
                isEnded = true;
                return null;
            }

            foreach (ResultRow row in _plan.Unsent)
            {
                Send(row, engine);
            }

            _ = Task.Run(() => FeedAsync(engine));
            Pump(engine);
            TakeLeft(engine);
            Summarize(engine);
            Complete(engine);
            _verdict.IsGivenUp = engine.IsGivenUp;
            string? problem = engine.Failure is Exception failure ? WhatFailed(failure) : Problem(engine);
            string status = problem is null ? ExperimentStatus.Completed : ExperimentStatus.Failed;
            Keep(file => file.Write(new ResultEnd { Status = status, Error = problem, IsGivenUp = engine.IsGivenUp || engine.Failure is not null, EndedAt = client.Options.Time.GetUtcNow() }));
            isEnded = true;
            if (_plan.SetsStatus)
            {
                TryTell(status, problem);
            }

            if (_spoolFailure is not null)
            {
                cmdlet.ThrowTerminatingError(Failures.RunNotSpooled(_spoolFailure, _unsent + _upload!.UnsafeCount, _plan.Experiment, _plan.ResultPath));
            }

            if (_fileFailure is not null)
            {
                cmdlet.ThrowTerminatingError(Failures.RunNotKept(_fileFailure, _unkept, _plan.Experiment, _plan.ResultPath!));
            }

            if (engine.Failure is Exception ended)
            {
                cmdlet.ThrowTerminatingError(Failures.RunFailed(ended, problem!, _plan.Experiment, _plan.ResultPath));
            }

            return ToResult(status);
        }
        finally
        {
            if (!isEnded)
            {
                Interrupt(engine);
            }
        }
    }

    /// <summary>Writes the warnings and the error that follow the result of a run.</summary>
    public void Report(ExperimentRun run) => _verdict.Report(cmdlet, run);

    /// <summary>Ends requests that are under way.</summary>
    public void Dispose()
    {
        if (!_watch.IsRunning)
        {
            _engine.Stop(StopLimit); // it was prepared, and then there was nothing to run
        }

        _engine.Dispose();
        if (_upload is not null)
        {
            AsyncPipelineBridge.TryFinish(_ => _upload.DisposeAsync().AsTask(), FarewellLimit);
        }
    }

    private RunUpload MakeUpload()
    {
        try
        {
            return new RunUpload(bridge, client, _plan.Target, _plan.Spool, tellsAccepted: _plan.File is not null || _plan.Spool is not null);
        }
        catch (SpoolException e)
        {
            if (_plan.SetsStatus)
            {
                TryTell(ExperimentStatus.Failed, e.Message);
            }

            cmdlet.ThrowTerminatingError(Failures.SpoolFailed(e));
            throw; // never reached: the line above does not return
        }
    }

    private void Complete(RunEngine engine)
    {
        try
        {
            _upload!.Complete();
        }
        catch (SpoolException e)
        {
            GiveUp(e, engine);
        }

        WriteSent();
    }

    // The promise of the spool is broken: nothing further is run, and finished rows are in the result file only.
    private void GiveUp(SpoolException failure, RunEngine engine)
    {
        _spoolFailure ??= failure;
        engine.Fail(failure);
    }

    // A full disk ends the run, but not what is finished: that is sent. Later rows are not in the file, and would be run again.
    private void Keep(Action<ResultFileWriter> write)
    {
        if (_plan.File is null || _fileFailure is not null)
        {
            return;
        }

        try
        {
            write(_plan.File);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _fileFailure = e;
            _engine.Fail(e);
        }
    }

    private void KeepRow(ResultRow row)
    {
        Keep(file => file.Write(row));
        _unkept += _fileFailure is null ? 0 : 1;
    }

    private string? Problem(RunEngine engine)
    {
        string? problem = _totals.Problem(_upload!.FailedCount);
        return engine.IsGivenUp ? $"given up: {problem}" : problem;
    }

    private static string WhatFailed(Exception failure) => failure is RunPreparationException or LlmObsException or SpoolException or IOException ? failure.Message : $"{failure.GetType().Name}: {failure.Message}";

    private async Task FeedAsync(RunEngine engine)
    {
        try
        {
            await foreach (WorkItem item in _plan.ReadWorkAsync(_iterations, bridge.Stopping).ConfigureAwait(false))
            {
                if (!engine.TryAdd(item))
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The run was stopped.
        }
        catch (Exception e)
        {
            engine.Fail(e);
        }
        finally
        {
            engine.CompleteAdding();
        }
    }

    private void Pump(RunEngine engine)
    {
        const int LongestWaitMs = 50;
        var progress = new RunProgress(cmdlet, _plan.Target.ExperimentName);
        try
        {
            while (!engine.Finished.IsCompleted)
            {
                if (engine.Finished.TryTake(out ResultRow? row, LongestWaitMs, bridge.Stopping))
                {
                    Take(row, engine);
                }

                bridge.Drain();
                FlushOld(engine);
                WriteSent();
                progress.Show(_totals.RowCount, _totals.FailedCount, _plan.Work.Total);
            }

            bridge.Stopping.ThrowIfCancellationRequested(); // the slots may have heard of it first
        }
        catch (OperationCanceledException)
        {
            throw new PipelineStoppedException();
        }

        bridge.Drain();
        progress.End();
    }

    private void Take(ResultRow row, RunEngine engine)
    {
        KeepRow(row);
        Count(row);
        Send(row, engine);
    }

    // The run ended before they were judged: they stay as they are.
    private void TakeLeft(RunEngine engine)
    {
        foreach (LackingRow left in _lacking.Left)
        {
            Count(left.Row);
            if (!left.IsSent)
            {
                Send(left.Row, engine);
            }
        }
    }

    private void FlushOld(RunEngine engine)
    {
        try
        {
            if (_spoolFailure is null)
            {
                _upload!.FlushOld();
            }
        }
        catch (SpoolException e)
        {
            GiveUp(e, engine);
        }
    }

    private void Send(ResultRow row, RunEngine engine)
    {
        if (_spoolFailure is not null)
        {
            _unsent++;
            return;
        }

        _number++;
        if (_plan.File is not null)
        {
            _unanswered.Add(_number, (row.RecordId, row.RunIteration));
        }

        try
        {
            _upload!.Add(row, _number, _lacking.TakeKnown(row));
        }
        catch (SpoolException e)
        {
            GiveUp(e, engine);
        }
    }

    // Written after the answer: the service has every row that the file calls sent.
    private void WriteSent()
    {
        List<(string RecordId, int RunIteration)> sent = [];
        foreach (long one in _upload!.TakeAccepted())
        {
            if (_unanswered.Remove(one, out (string RecordId, int RunIteration) row))
            {
                sent.Add(row);
            }
        }

        if (sent.Count > 0)
        {
            Keep(file => file.WriteSent(sent));
        }
    }

    private void Count(ResultRow row)
    {
        _totals.Add(row);
        _verdict.Add(row);
        _latest = Math.Max(_latest, row.StartNs ?? 0);
        if (_plan.KeepsRows)
        {
            _kept.Add(RowObject.Of(row));
        }

        _iterations?.Add(row);
    }

    private void Summarize(RunEngine engine)
    {
        if (_iterations is null || engine.Failure is not null || !_plan.SetsStatus)
        {
            return;
        }

        foreach (ResultSummary summary in bridge.Await(_ => engine.SummarizeAsync(_iterations.InOrder())))
        {
            _totals.AddSummary(summary);
            _verdict.Add(summary);
            Keep(file => file.Write(summary));
            _upload!.Add(summary, _latest);
            _summaries.AddRange(summary.Evaluations.Select(RowObject.Of));
        }
    }

    private ExperimentRun ToResult(string status) => new()
    {
        Experiment = _plan.SetsStatus ? _plan.Experiment with { Status = status } : _plan.Experiment,
        Url = _plan.Url,
        Status = status,
        Rows = _kept,
        Metrics = _totals.Metrics(),
        SummaryEvaluations = _summaries,
        RowCount = _totals.RowCount,
        FailedCount = _totals.FailedCount,
        ErrorCount = _totals.ErrorCount,
        Elapsed = _watch.Elapsed,
        InputTokenCount = _totals.InputTokenCount,
        OutputTokenCount = _totals.OutputTokenCount,
        CostUsd = _totals.CostUsd,
        ResultPath = _plan.ResultPath,
        SpanTags = _plan.Target.Tags,
    };

    /// <summary>Says how the experiment goes.</summary>
    /// <returns>False if the service does not accept it, which was then reported.</returns>
    private bool TryTell(string status, string? problem)
    {
        try
        {
            bridge.Await(token => StatusCall(status, problem).SendAsync(new VerboseObserver(bridge), token));
            return true;
        }
        catch (LlmObsException e)
        {
            cmdlet.WriteError(Failures.ToRecord(e, _plan.Experiment));
            return false;
        }
    }

    private ApiCall<Experiment?> StatusCall(string status, string? problem) => client.UpdateExperiment(
        _plan.Experiment.Id,
        new ExperimentPatch { Status = status, ErrorMessage = problem is null ? default : (Optional<string>)problem });

    private void Interrupt(RunEngine engine)
    {
        Task<bool> told = !_plan.SetsStatus ? Task.FromResult(true) : Task.Run(() => AsyncPipelineBridge.TryFinish(
            token => StatusCall(ExperimentStatus.Interrupted, null).SendAsync(null, token), FarewellLimit));
        engine.Stop(StopLimit);
        while (engine.Finished.TryTake(out ResultRow? row))
        {
            KeepRow(row);
            _totals.Add(row);
            _unanswered[++_number] = (row.RecordId, row.RunIteration);
            TrySendLast(() => _upload!.AddLast(row, _number, _lacking.TakeKnown(row)));
        }

        bool isSent = TrySendLast(_upload!.Finish) & TryComplete();
        WriteSent();
        Keep(file => file.Write(new ResultEnd { Status = ExperimentStatus.Interrupted, EndedAt = client.Options.Time.GetUtcNow() }));
        bool isTold = false;
        AsyncPipelineBridge.TryFinish(async _ => isTold = await told.ConfigureAwait(false), FarewellLimit);
        string rest = _plan.Spool is null ? string.Empty : " " + StoppedSpool.WhatIsLeft(_plan.Spool);
        cmdlet.WarnOnTheWayOut(Warnings.Interrupted(_plan.Experiment.Id, _totals.RowCount, isSent, isTold, _plan.ResumeHint) + rest
            + (_fileFailure is null ? string.Empty : " " + Warnings.RowsNotKept(_unkept, _fileFailure)));
    }

    private bool TryComplete()
    {
        try
        {
            return AsyncPipelineBridge.TryFinish(_upload!.CompleteAsync, FarewellLimit);
        }
        catch (SpoolException e)
        {
            _spoolFailure = e;
            AsyncPipelineBridge.TryFinish(_upload!.CompleteAsync, FarewellLimit); // requests that were kept before are still sent
            return false;
        }
    }

    // Nothing can be reported any more, except that some events are missing.
    private bool TrySendLast(Action send)
    {
        try
        {
            if (_spoolFailure is null)
            {
                send();
            }
        }
        catch (SpoolException e)
        {
            _spoolFailure = e;
        }

        return _spoolFailure is null;
    }
}
