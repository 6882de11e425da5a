using System.Management.Automation;
using LlmObs.Evaluation.Results;

namespace LlmObs.PowerShell.Commands;

/// <summary>Runs the missing and failed rows of an experiment, into the same experiment, and judges again what evaluators failed to.</summary>
[Cmdlet(VerbsLifecycle.Resume, "LlmObsExperiment", SupportsShouldProcess = true)]
[OutputType(typeof(ExperimentRun))]
public sealed class ResumeLlmObsExperimentCommand : TaskCmdlet
{
    // What says how a task is run, and has no meaning if rows are only judged.
    private static readonly string[] OfTasks = [nameof(Task), nameof(TaskPath), nameof(CachePath), nameof(TaskTimeoutSec), nameof(MaxRetryCount)];

    /// <summary>The result file that Invoke-LlmObsExperiment wrote; new rows are appended.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Alias("PSPath")]
    public string ResultPath { get; set; } = string.Empty;

    /// <summary>Takes the file for the whole experiment, even if it has the rows of one part only.</summary>
    [Parameter]
    public SwitchParameter Whole { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        string path = ToPath(ResultPath);
        ResultFile file = Open(path);
        ResultHeader header = file.Header;
        if (header.ProjectId is null || header.DatasetId is null)
        {
            Refuse($"The result file '{path}' does not name its dataset.", "Only a file that Invoke-LlmObsExperiment wrote can be resumed.");
        }

        RunPlan? plan = header.IsRescored ? PlanToJudge(path, file) : PlanToRun(file);
        if (plan is null)
        {
            return;
        }

        string what = FormattableString.Invariant(
            $"experiment {header.ExperimentId} '{header.Name}': {(header.IsRescored ? "judge" : "run")} the rows that are missing beside {plan.Earlier.Count() + plan.Lacking.Count} finished ones, {(plan.Lacking.Count > 0 ? $"judge {plan.Lacking.Count} of those by evaluators that have not judged them, " : string.Empty)}and send {plan.Unsent.Count()} of those again");
        if (ShouldProcess(what, what + Environment.NewLine + "Go on?", "Resume experiment"))
        {
            RequireKeys();
            Prepare(plan.Settings);
            Run(plan with { ResultPath = path, File = Append(path) });
        }
    }

    private RunPlan PlanToRun(ResultFile file)
    {
        ResultHeader header = file.Header;
        RunSettings settings = MakeSettings(JsonSnapshot.Read(header.Config));
        RecordChoice choice = ChoiceOf(file);
        if (choice.Part is not null && settings.SummaryEvaluators.Count > 0)
        {
            Refuse(PartHasNoSummary, "Concatenate the files of all parts, and resume the result: then they see all rows. If the files of the other parts are lost, -Whole runs their rows, too.");
        }

        ResultRow[] finished = [.. file.Rows().Where(row => !row.IsFailed)];
        var done = new HashSet<(string RecordId, int RunIteration)>(finished.Select(row => (row.RecordId, row.RunIteration)));
        RunPlan plan = ToPlan(file, settings, finished, new RecordWork(
            new RunRecords(choice, (tell, token) => ReadRecordsAsync(header.ProjectId!, header.DatasetId!, header.DatasetVersion, choice, tell, token)), header.RunCount));
        return plan with
        {
            Choice = choice,
            IsDone = item => done.Contains((item.Record.Id, item.Iteration)),
            SetsStatus = choice.Part is null,
        };
    }

    // The outputs are still those of the parent; what is judged already, failed rows included, stays as it is.
    private RunPlan? PlanToJudge(string path, ResultFile file)
    {
        ResultHeader header = file.Header;
        string[] ofTasks = [.. OfTasks.Where(CommandLine.Contains)];
        if (ofTasks.Length > 0)
        {
            Refuse(
                $"The result file '{path}' holds rows that were judged again, without running a task: {string.Join(", ", ofTasks.Select(name => "-" + name))} has no effect on them.",
                "Remove it, and give the evaluators.");
        }

        RunSettings settings = MakeSettings(JsonSnapshot.Read(header.Config), runsTask: false);
        if (settings.Evaluators.Count + settings.SummaryEvaluators.Count == 0)
        {
            Refuse($"The result file '{path}' holds rows that were judged again, and no evaluator was given.", "Give -Evaluator or -SummaryEvaluator, as in the run.");
        }

        if (!TryReadRun(header.ParentExperimentId!, out IResultRows? parent, out _))
        {
            return null;
        }

        ResultRow[] finished = [.. file.Rows()];
        var done = new HashSet<string?>(finished.Select(row => row.ParentSpanId), StringComparer.Ordinal);
        var work = new StoredWork(parent, header.StartedAt ?? Client.Options.Time.GetUtcNow(), finished.FirstOrDefault()?.TraceId);
        RunPlan plan = ToPlan(file, settings, finished, work);
        return plan with
        {
            Target = plan.Target with { SpanName = parent.Header.LogicalName ?? parent.Header.Name ?? parent.Header.ExperimentId },
            IsDone = item => done.Contains(item.Stored?.ParentSpanId),
        };
    }

    private RunPlan ToPlan(ResultFile file, RunSettings settings, ResultRow[] finished, RunWork work)
    {
        ResultHeader header = file.Header;
        IReadOnlySet<(string RecordId, int RunIteration)> sent = file.ReadSent();
        ILookup<bool, LackingRow> rows = finished.Select(row => new LackingRow(row, sent.Contains((row.RecordId, row.RunIteration))))
            .ToLookup(one => !one.Row.IsFailed && one.Row.SpanId is not null && !settings.Evaluators.All(evaluator => one.Row.HasEvaluationOf(evaluator.Name)));
        WarnOfEvaluators(file, settings);
        return new RunPlan
        {
            Experiment = new Experiment
            {
                Id = header.ExperimentId,
                Name = header.Name,
                LogicalName = header.LogicalName,
                ProjectId = header.ProjectId,
                DatasetId = header.DatasetId,
                DatasetName = header.DatasetName,
                DatasetVersion = header.DatasetVersion,
                Description = header.Description,
                ParentExperimentId = header.ParentExperimentId,
                Config = JsonSnapshot.Read(header.Config),
                Metadata = JsonSnapshot.Read(header.Metadata),
                RunCount = header.RunCount,
            },
            Target = new RunTarget
            {
                ExperimentId = header.ExperimentId,
                ExperimentName = header.LogicalName ?? header.Name ?? header.ExperimentId,
                ProjectId = header.ProjectId!,
                ProjectName = header.ProjectName,
                DatasetId = header.DatasetId!,
                DatasetName = header.DatasetName,
                Tags = header.SpanTags,
            },
            Settings = settings,
            RunCount = header.RunCount,
            Work = work,
            Earlier = [.. rows[false].Select(one => one.Row)],
            Lacking = [.. rows[true]],
            Unsent = [.. rows[false].Where(one => !one.IsSent).Select(one => one.Row)],
            KeepsRows = !DiscardRow,
            Spool = Spool,
            Url = header.Url is null ? null : new Uri(header.Url),
        };
    }

    // Rows that are run without them stay without a score, which is easily overlooked.
    private void WarnOfEvaluators(ResultFile file, RunSettings settings)
    {
        string[] missing = [.. file.Rows().SelectMany(row => row.Evaluations).Concat(file.Summaries.SelectMany(summary => summary.Evaluations))
            .Select(one => one.EvaluatorName).Distinct().Except(settings.Evaluators.Concat(settings.SummaryEvaluators).Select(one => one.Name))];
        if (missing.Length > 0)
        {
            WriteWarning(Warnings.EvaluatorsNotGiven(file.FilePath, missing));
        }
    }

    // The concatenated parts of several machines are the whole experiment, of which some parts may be missing.
    private RecordChoice ChoiceOf(ResultFile file)
    {
        RecordChoice first = RecordChoice.Read(file.Header.Selection);
        bool areSeveral = file.Parts.Select(part => RecordChoice.Read(part.Selection).Part).Distinct().Count() > 1;
        return areSeveral || Whole ? first with { Part = null } : first;
    }

    private ResultFileWriter Append(string path)
    {
        try
        {
            return ResultFileWriter.Append(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            ThrowTerminatingError(Failures.UnwritableFile(path, e));
            throw; // never reached: the line above does not return
        }
    }

    private ResultFile Open(string path)
    {
        try
        {
            return ResultFile.Open(path);
        }
        catch (Exception e) when (e is ResultFileException or IOException or UnauthorizedAccessException)
        {
            ThrowTerminatingError(Failures.UnreadableResult(path, e));
            throw; // never reached: the line above does not return
        }
    }
}
