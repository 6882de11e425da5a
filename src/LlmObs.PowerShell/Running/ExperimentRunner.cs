using System.Diagnostics;
using System.Management.Automation;
using LlmObs.Evaluation.Results;

namespace LlmObs.PowerShell.Running;

/// <summary>
/// Runs an experiment and records it: rows come from the engine's slots, and are sent, written to the file and counted on the
/// pipeline thread. However it ends, its status says so.
/// </summary>
internal sealed class ExperimentRunner(LlmObsCmdlet cmdlet, PipelineBridge bridge, LlmObsClient client) : IDisposable
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromMilliseconds(400); // for tasks, when the run is stopped
    private static readonly TimeSpan FarewellLimit = TimeSpan.FromSeconds(5); // for the last requests then

    private readonly RunTotals totals = new();
    private readonly List<ExperimentRow> kept = [];
    private readonly Dictionary<int, List<ResultRow>> iterations = [];
    private readonly List<string> order = [];
    private readonly List<EvaluationResult> summaries = [];
    private readonly Stopwatch watch = Stopwatch.StartNew();
    private readonly Dictionary<long, (string RecordId, int RunIteration)> unanswered = [];
    private long? total;
    private long number;
    private long latest;
    private RunPlan plan = null!;
    private RunUpload? upload;

    /// <summary>Runs it to its end.</summary>
    /// <exception cref="PipelineStoppedException">The pipeline was stopped; what was finished is stored.</exception>
    public ExperimentRun? Run(RunPlan toRun)
    {
        plan = toRun;
        upload = new RunUpload(bridge, client, plan.Target);
        using var engine = new RunEngine(plan.Settings, bridge, iteration => RunIds.Of(plan.Experiment.Id, iteration));
        bool isEnded = false;
        try
        {
            foreach (ResultRow earlier in plan.Earlier)
            {
                Count(earlier);
            }

            if (plan.SetsStatus && !TryTell(ExperimentStatus.Running, null))
            {
                isEnded = true;
                return null;
            }

            foreach (ResultRow row in plan.Unsent)
            {
                Send(row);
            }

            engine.Start();
            _ = Task.Run(() => FeedAsync(engine));
            Pump(engine);
            Summarize(engine);
            upload!.Complete();
            WriteSent();
            string? problem = engine.Failure is Exception failure ? WhatFailed(failure) : Problem(engine);
            string status = problem is null ? ExperimentStatus.Completed : ExperimentStatus.Failed;
            plan.File?.Write(new ResultEnd { Status = status, Error = problem, EndedAt = client.Options.Time.GetUtcNow() });
            isEnded = true;
            if (plan.SetsStatus)
            {
                TryTell(status, problem);
            }

            if (engine.Failure is Exception ended)
            {
                cmdlet.ThrowTerminatingError(Failures.RunFailed(ended, problem!, plan.Experiment, plan.ResultPath));
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

    /// <summary>Ends requests that are under way.</summary>
    public void Dispose()
    {
        if (upload is not null)
        {
            PipelineBridge.TryFinish(_ => upload.DisposeAsync().AsTask(), FarewellLimit);
        }
    }

    private string? Problem(RunEngine engine)
    {
        string? problem = totals.Problem(upload!.FailedCount);
        return engine.IsGivenUp ? $"given up: {problem}" : problem;
    }

    private static string WhatFailed(Exception failure) => failure is RunPreparationException or LlmObsException ? failure.Message : $"{failure.GetType().Name}: {failure.Message}";

    private async Task FeedAsync(RunEngine engine)
    {
        try
        {
            long count = 0;
            for (int iteration = 1; iteration <= plan.RunCount; iteration++)
            {
                await foreach (DatasetRecord record in plan.Records(bridge.Stopping).ConfigureAwait(false))
                {
                    if (iteration == 1)
                    {
                        count += plan.RunCount;
                        if (plan.Settings.SummaryEvaluators.Count > 0)
                        {
                            order.Add(record.Id);
                        }
                    }

                    if (!plan.IsDone(record.Id, iteration) && !engine.Queue.TryAdd(new WorkItem(new RunRecord(record), iteration)))
                    {
                        return;
                    }
                }

                total = count;
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
            engine.Queue.Complete();
        }
    }

    private void Pump(RunEngine engine)
    {
        const int LongestWaitMs = 50;
        var progress = new RunProgress(cmdlet, plan.Target.ExperimentName);
        try
        {
            while (!engine.Finished.IsCompleted)
            {
                if (engine.Finished.TryTake(out ResultRow? row, LongestWaitMs, bridge.Stopping))
                {
                    Take(row);
                }

                bridge.Drain();
                upload!.FlushOld();
                WriteSent();
                progress.Show(totals.RowCount, totals.FailedCount, total);
            }
        }
        catch (OperationCanceledException)
        {
            throw new PipelineStoppedException();
        }

        bridge.Drain();
        progress.End();
    }

    private void Take(ResultRow row)
    {
        plan.File?.Write(row);
        Count(row);
        Send(row);
    }

    private void Send(ResultRow row)
    {
        number++;
        if (plan.File is not null)
        {
            unanswered.Add(number, (row.RecordId, row.RunIteration));
        }

        upload!.Add(row, number);
    }

    // Written behind the answer: a row that the file calls sent is one that the service has.
    private void WriteSent()
    {
        List<(string RecordId, int RunIteration)> sent = [];
        foreach (long one in upload!.TakeAccepted())
        {
            if (unanswered.Remove(one, out (string RecordId, int RunIteration) row))
            {
                sent.Add(row);
            }
        }

        if (sent.Count > 0)
        {
            plan.File?.WriteSent(sent);
        }
    }

    private void Count(ResultRow row)
    {
        totals.Add(row);
        latest = Math.Max(latest, row.StartNs ?? 0);
        if (plan.KeepsRows)
        {
            kept.Add(RowObject.Of(row));
        }

        if (plan.Settings.SummaryEvaluators.Count > 0)
        {
            if (!iterations.TryGetValue(row.RunIteration, out List<ResultRow>? rows))
            {
                iterations.Add(row.RunIteration, rows = []);
            }

            rows.Add(row);
        }
    }

    private void Summarize(RunEngine engine)
    {
        if (plan.Settings.SummaryEvaluators.Count == 0 || engine.Failure is not null || !plan.SetsStatus)
        {
            return;
        }

        List<(int Iteration, IReadOnlyList<EvaluatedRow?> Rows)> all = [.. iterations.OrderBy(one => one.Key).Select(one => (one.Key, InOrder(one.Value)))];
        foreach (ResultSummary summary in bridge.Await(_ => engine.SummarizeAsync(all)))
        {
            totals.AddSummary(summary);
            plan.File?.Write(summary);
            upload!.Add(summary, latest);
            summaries.AddRange(summary.Evaluations.Select(RowObject.Of));
        }
    }

    // Rows that failed or are missing keep their place as null, so that the rows of two iterations stand side by side.
    private IReadOnlyList<EvaluatedRow?> InOrder(List<ResultRow> rows)
    {
        Dictionary<string, ResultRow> byId = rows.DistinctBy(row => row.RecordId).ToDictionary(row => row.RecordId, StringComparer.Ordinal);
        return [.. order.Select(id => byId.TryGetValue(id, out ResultRow? row) && !row.IsFailed ? ToEvaluated(row) : null)];
    }

    private EvaluatedRow ToEvaluated(ResultRow row) => new()
    {
        RecordId = row.RecordId,
        RunIteration = row.RunIteration,
        Input = JsonSnapshot.Read(row.Input),
        Output = JsonSnapshot.Read(row.Output),
        ExpectedOutput = JsonSnapshot.Read(row.ExpectedOutput),
        Metadata = JsonSnapshot.Read(row.Metadata),
        Config = plan.Settings.Config,
        Duration = TimeSpan.FromTicks((row.DurationNs ?? 0) / 100),
        Evaluations = row.Evaluations.ToDictionary(one => one.Label, RowObject.Of, StringComparer.Ordinal),
    };

    private ExperimentRun ToResult(string status) => new()
    {
        Experiment = plan.SetsStatus ? plan.Experiment with { Status = status } : plan.Experiment,
        Url = plan.Url,
        Status = status,
        Rows = kept,
        Metrics = totals.Metrics(),
        SummaryEvaluations = summaries,
        RowCount = totals.RowCount,
        FailedCount = totals.FailedCount,
        ErrorCount = totals.ErrorCount,
        Elapsed = watch.Elapsed,
        InputTokenCount = totals.InputTokenCount,
        OutputTokenCount = totals.OutputTokenCount,
        CostUsd = totals.CostUsd,
        ResultPath = plan.ResultPath,
    };

    /// <summary>Says how the experiment goes.</summary>
    /// <returns>False if the service does not take it, which has then been said.</returns>
    private bool TryTell(string status, string? problem)
    {
        try
        {
            bridge.Await(token => StatusCall(status, problem).SendAsync(new VerboseObserver(bridge), token));
            return true;
        }
        catch (LlmObsException e)
        {
            cmdlet.WriteError(Failures.ToRecord(e, plan.Experiment));
            return false;
        }
    }

    private ApiCall<Experiment?> StatusCall(string status, string? problem) => client.UpdateExperiment(
        plan.Experiment.Id,
        new ExperimentPatch { Status = status, ErrorMessage = problem is null ? default : (Optional<string>)problem });

    private void Interrupt(RunEngine engine)
    {
        Task<bool> told = !plan.SetsStatus ? Task.FromResult(true) : Task.Run(() => PipelineBridge.TryFinish(
            token => StatusCall(ExperimentStatus.Interrupted, null).SendAsync(null, token), FarewellLimit));
        engine.Stop(StopLimit);
        while (engine.Finished.TryTake(out ResultRow? row))
        {
            plan.File?.Write(row);
            totals.Add(row);
            unanswered[++number] = (row.RecordId, row.RunIteration);
            upload!.AddLast(row, number);
        }

        bool isSent = PipelineBridge.TryFinish(upload!.CompleteAsync, FarewellLimit);
        WriteSent();
        plan.File?.Write(new ResultEnd { Status = ExperimentStatus.Interrupted, EndedAt = client.Options.Time.GetUtcNow() });
        bool isTold = false;
        PipelineBridge.TryFinish(async _ => isTold = await told.ConfigureAwait(false), FarewellLimit);
        string state = isTold ? "It has the status interrupted" : "Its status could not be set";
        string rest = plan.ResultPath is null ? string.Empty : $" Resume-LlmObsExperiment -ResultPath '{plan.ResultPath}' runs what is missing.";
        cmdlet.WarnOnTheWayOut(FormattableString.Invariant(
            $"Experiment {plan.Experiment.Id} was interrupted after {totals.RowCount} rows{(isSent ? string.Empty : ", of which some could not be sent")}. {state}.{rest}"));
    }
}
