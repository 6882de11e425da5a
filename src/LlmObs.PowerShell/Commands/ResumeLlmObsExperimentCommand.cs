using System.Management.Automation;
using LlmObs.Evaluation.Results;

namespace LlmObs.PowerShell.Commands;

/// <summary>Runs the missing and failed rows of an experiment, into the same experiment.</summary>
[Cmdlet(VerbsLifecycle.Resume, "LlmObsExperiment", SupportsShouldProcess = true)]
[OutputType(typeof(ExperimentRun))]
public sealed class ResumeLlmObsExperimentCommand : TaskCmdlet
{
    /// <summary>The result file that Invoke-LlmObsExperiment wrote; new rows are appended.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Alias("PSPath")]
    public string ResultPath { get; set; } = string.Empty;

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

        if (header.IsRescored)
        {
            Refuse($"The result file '{path}' holds rows that were judged again, without running a task.", "Run Invoke-LlmObsExperiment -From again: the outputs are still there.");
        }

        RunSettings settings = MakeSettings(JsonSnapshot.Read(header.Config));
        IReadOnlySet<(string RecordId, int RunIteration)> sent = file.ReadSent();
        var done = new HashSet<(string RecordId, int RunIteration)>(file.Rows().Where(row => !row.IsFailed).Select(row => (row.RecordId, row.RunIteration)));
        RecordChoice choice = ChoiceOf(file);
        if (choice.Part is not null && settings.SummaryEvaluators.Count > 0)
        {
            Refuse(PartHasNoSummary, "Concatenate the files of all parts, and resume the result: then they see all rows.");
        }

        string what = FormattableString.Invariant(
            $"experiment {header.ExperimentId} '{header.Name}': run the rows that are missing beside {done.Count} finished ones, and send {done.Count - sent.Count(done.Contains)} of those again");
        if (!ShouldProcess(what, what + Environment.NewLine + "Go on?", "Resume experiment"))
        {
            return;
        }

        Run(new RunPlan
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
                ProjectId = header.ProjectId,
                ProjectName = header.ProjectName,
                DatasetId = header.DatasetId,
                DatasetName = header.DatasetName,
                Tags = header.SpanTags,
            },
            Settings = settings,
            RunCount = header.RunCount,
            Work = new RecordWork(token => choice.Of(ReadRecordsAsync(header.ProjectId, header.DatasetId, header.DatasetVersion, choice, token)), header.RunCount),
            Choice = choice,
            IsDone = (record, iteration) => done.Contains((record, iteration)),
            Earlier = file.Rows().Where(row => !row.IsFailed).ToArray(),
            Unsent = file.Rows().Where(row => !row.IsFailed && !sent.Contains((row.RecordId, row.RunIteration))).ToArray(),
            KeepsRows = !DiscardRow,
            Spool = Spool,
            SetsStatus = choice.Part is null,
            Url = header.Url is null ? null : new Uri(header.Url),
            ResultPath = path,
            File = ResultFileWriter.Append(path),
        });
    }

    // The concatenated parts of several machines are the whole experiment, of which some parts may be missing.
    private static RecordChoice ChoiceOf(ResultFile file)
    {
        RecordChoice first = RecordChoice.Read(file.Header.Selection);
        bool areSeveral = file.Parts.Select(part => RecordChoice.Read(part.Selection).Part).Distinct().Count() > 1;
        return areSeveral ? first with { Part = null } : first;
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
