using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using System.Text;
using LlmObs.Evaluation.Results;

namespace LlmObs.PowerShell.Commands;

/// <summary>Runs a task and its evaluators over the records of a dataset, and records it as an experiment.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "LlmObsExperiment", SupportsShouldProcess = true, DefaultParameterSetName = ByName)]
[OutputType(typeof(ExperimentRun))]
public sealed class InvokeLlmObsExperimentCommand : RecordTaskCmdlet
{
    private const string ByName = "Name";
    private const string ByExperiment = "Experiment";
    private const string ByFrom = "From";

    private static readonly string[] OfParts = [nameof(Shard), nameof(ShardCount), nameof(Sharded)];

    // Parameters about running records, which have no meaning if none are run.
    private static readonly string[] OfTasks = [.. OfRecords, .. OfParts, nameof(Task), nameof(TaskPath), nameof(CachePath), nameof(TaskTimeoutSec), nameof(MaxRetryCount), nameof(RunCount)];

    /// <summary>The name of the experiment that is made. The service appends a suffix, so that each run is one of its own.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ByName)]
    [Parameter(Position = 0, ParameterSetName = ByFrom)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = string.Empty;

    /// <summary>An experiment that is there, instead of a new one: an object, an id or a name.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByExperiment)]
    [ValidateNotNull]
    [Alias("ExperimentId")]
    [Experiment]
    [ArgumentCompleter(typeof(ExperimentIdCompleter))]
    public ExperimentReference? Experiment { get; set; }

    /// <summary>A run, an experiment or its id, or a result file, whose outputs are judged again. No task is run.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByFrom)]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(ExperimentIdCompleter))]
    public object? From { get; set; }

    /// <summary>The part of the records to run, from 1 to -ShardCount.</summary>
    [Parameter]
    [ValidateRange(1, 100_000)]
    public int? Shard { get; set; }

    /// <summary>In how many parts the records are divided, by their ids.</summary>
    [Parameter]
    [ValidateRange(1, 100_000)]
    public int? ShardCount { get; set; }

    /// <summary>Takes -Shard and -ShardCount from the job of Azure Pipelines (strategy: parallel).</summary>
    [Parameter]
    public SwitchParameter Sharded { get; set; }

    /// <summary>The configuration, which tasks and evaluators are given: model, prompt, temperature and the like. A hashtable or an object.</summary>
    [Parameter]
    [JsonObject]
    public object? Config { get; set; }

    /// <summary>The description of the experiment.</summary>
    [Parameter(ParameterSetName = ByName)]
    [Parameter(ParameterSetName = ByFrom)]
    public string? Description { get; set; }

    /// <summary>Metadata of the experiment: a hashtable or an object.</summary>
    [Parameter(ParameterSetName = ByName)]
    [Parameter(ParameterSetName = ByFrom)]
    [JsonObject]
    public object? Metadata { get; set; }

    /// <summary>Writes commit, branch and build into the metadata, from the build agent's variables, else from git. -CiMetadata:$false leaves them out.</summary>
    [Parameter(ParameterSetName = ByName)]
    [Parameter(ParameterSetName = ByFrom)]
    [PSDefaultValue(Value = true)]
    public SwitchParameter CiMetadata { get; set; } = true;

    /// <summary>The experiment to compare with: an object, an id or a name.</summary>
    [Parameter(ParameterSetName = ByName)]
    [ValidateNotNull]
    [Alias("ParentExperimentId")]
    [Experiment]
    [ArgumentCompleter(typeof(ExperimentIdCompleter))]
    public ExperimentReference? ParentExperiment { get; set; }

    /// <summary>The number of iterations per record.</summary>
    [Parameter]
    [ValidateRange(1, 1000)]
    public int RunCount { get; set; } = 1;

    /// <summary>Tags for every span, each as key:value, in addition to those that link it to its record and its run.</summary>
    [Parameter]
    [ValidateNotNull]
    [TagList]
    public string[] SpanTag { get; set; } = [];

    /// <summary>A file that the rows are written to as they are finished (JSON Lines, see about_LlmObs_Results). Resume-LlmObsExperiment goes on from it.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ResultPath { get; set; }

    /// <summary>Replaces the file of -ResultPath even if it holds answers of a run that can be resumed.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (ResultPath is not null && !Force)
        {
            KeepUnfinished(ToPath(ResultPath));
        }

        if (ParameterSetName == ByFrom)
        {
            JudgeAgain();
            return;
        }

        CheckInput();
        if (ParameterSetName == ByName && Array.Find(OfParts, CommandLine.Contains) is string part)
        {
            // Each job would make an experiment of its own, with a part of the rows.
            Refuse(
                $"-{part} runs a part of the records into an experiment that exists, and -Name makes a new one.",
                "Let one job create it: $experiment = New-LlmObsExperiment NAME -Project ... -Dataset ...; and each job run its part: Invoke-LlmObsExperiment -Experiment ID -Shard 1 -ShardCount 4 -Task { ... }. See about_LlmObs_Runs.");
        }

        RunShard? shard = RunShard.Of(this, Shard, ShardCount, Sharded);
        RunSettings settings = MakeSettings(Config);
        if (shard is not null && settings.SummaryEvaluators.Count > 0)
        {
            Refuse(PartHasNoSummary, "Give it to the job that completes the experiment: Resume-LlmObsExperiment with the concatenated result files of all parts.");
        }

        if (FindTarget($"{Times}{Evaluators(settings)}") is not (string projectId, string datasetId) || FindRecords(projectId, datasetId, shard) is not RunRecords records)
        {
            return;
        }

        if (ParameterSetName == ByExperiment)
        {
            RunExisting(projectId, datasetId, settings, records);
        }
        else
        {
            RunNew(projectId, datasetId, settings, records);
        }
    }

    // As rerun_evaluators of Datadog's SDK for Python does: a child experiment with copies of the spans.
    private void JudgeAgain()
    {
        string[] ofTasks = [.. OfTasks.Where(CommandLine.Contains)];
        if (ofTasks.Length > 0 || IsPiped)
        {
            Refuse(
                $"-From judges the outputs of a run again, and runs no task over records: {(ofTasks.Length > 0 ? string.Join(", ", ofTasks.Select(name => "-" + name)) : "what was piped")} has no meaning there.",
                "Leave that out; or leave out -From to run the task.");
        }

        RunSettings settings = MakeSettings(Config, runsTask: false);
        if (settings.Evaluators.Count + settings.SummaryEvaluators.Count == 0)
        {
            Refuse("-From judges the outputs of a run again, but no evaluator was given.", "Give -Evaluator or -SummaryEvaluator.");
        }

        if (!TryReadRun(From!, out IResultRows? rows, out string name))
        {
            return;
        }

        ResultHeader parent = rows.Header;
        if (parent.ProjectId is null || parent.DatasetId is null || rows.RowCount == 0)
        {
            Refuse(
                rows.RowCount == 0 ? $"There are no rows in '{name}' to judge." : $"'{name}' does not name its dataset.",
                "Give a run of Invoke-LlmObsExperiment, its result file, or an experiment on a dataset. New events can take seconds until they can be read.");
        }

        if (rows is ResultFile file && ResultPath is not null && Path.GetFullPath(file.FilePath) == Path.GetFullPath(ToPath(ResultPath)))
        {
            Refuse($"-From and -ResultPath are both '{file.FilePath}', which would be overwritten while it is read.", "Give another -ResultPath.");
        }

        settings = Config is null ? settings with { Config = JsonSnapshot.Read(parent.Config) } : settings;
        string parentName = parent.LogicalName ?? parent.Name ?? parent.ExperimentId;
        var draft = new ExperimentDraft
        {
            Name = Name.Length > 0 ? Name : parentName + "-rerun",
            ProjectId = parent.ProjectId,
            DatasetId = parent.DatasetId,
            DatasetVersion = parent.DatasetVersion is long version ? version : default(Optional<long?>),
            Config = settings.Config is object config ? config : default(Optional<object>),
            ParentExperimentId = parent.ExperimentId,
            RunCount = parent.RunCount,
        };
        if (TryCreate(draft, settings, call => $"{call}{Environment.NewLine}{rows.RowCount} rows of experiment {parent.ExperimentId}{Evaluators(settings)}", out Experiment? child))
        {
            Begin(new RunPlan
            {
                Experiment = child with { ParentExperimentId = child.ParentExperimentId ?? parent.ExperimentId }, // the answer does not say it
                Target = TargetOf(child, parent.ProjectId, parent.ProjectName ?? ProjectName(parent.ProjectId), parent.DatasetId, parent.DatasetName ?? FindDataset(parent.ProjectId, parent.DatasetId)?.Name) with
                {
                    SpanName = parentName,
                    Tags = [.. parent.SpanTags.Union(SpanTag)],
                },
                Settings = settings,
                RunCount = parent.RunCount,
                Work = new StoredWork(rows, Client.Options.Time.GetUtcNow()),
            });
        }
    }

    private void RunNew(string projectId, string datasetId, RunSettings settings, RunRecords records)
    {
        string? parentId = ParentExperiment is null ? null : Names.ExperimentId(ParentExperiment);
        if (parentId is null && ParentExperiment is not null)
        {
            return;
        }

        Dataset? dataset = FindDataset(projectId, datasetId);
        long? version = DatasetVersion ?? (HasAdded ? null : dataset?.CurrentVersion); // a list may not show new records yet
        var draft = new ExperimentDraft
        {
            Name = Name,
            ProjectId = projectId,
            DatasetId = datasetId,
            DatasetVersion = version is null ? default : version,
            Config = Config is null ? default(Optional<object>) : Config,
            ParentExperimentId = parentId is null ? default(Optional<string>) : parentId,
            RunCount = RunCount,
        };
        if (TryCreate(draft, settings, call => $"{call}{Environment.NewLine}{Count(records)} records{Times}{Evaluators(settings)}", out Experiment? created))
        {
            BeginRecords(created, projectId, datasetId, dataset?.Name, settings, records);
        }
    }

    private bool TryCreate(ExperimentDraft draft, RunSettings settings, Func<string, string> describe, [NotNullWhen(true)] out Experiment? created)
    {
        created = null;
        BuildMetadata build = CiMetadata ? BuildMetadata.Find(settings.Location) : new BuildMetadata(null, null, null, null);
        object? metadata = ExperimentMetadata.Of(Metadata, build);
        draft = draft with
        {
            Description = Description is null ? default(Optional<string>) : Description,
            Metadata = metadata is null ? default(Optional<object>) : metadata,
            EnsureUnique = true,
        };
        if (!TryMake(() => Client.CreateExperiment(draft), $"Experiment '{draft.Name}' was not created", draft.Name, out ApiCall<Experiment>? call)
            || !ShouldSend(() => describe($"{call.Method} {call.Address} {Encoding.UTF8.GetString(call.Body.Span)}"), "Run experiment"))
        {
            return false;
        }

        Prepare(settings);
        return TrySend(call, draft.Name, out created);
    }

    private void RunExisting(string projectId, string datasetId, RunSettings settings, RunRecords records)
    {
        if (Names.Experiment(Experiment!, anew: true) is not Experiment found)
        {
            return;
        }

        // Its parts begin at different times, and all of them run the same records.
        VersionOfExperiment = found.DatasetId == datasetId ? found.DatasetVersion : null;
        settings = Config is null ? settings with { Config = found.Config } : settings;
        try
        {
            _ = settings.ScriptConfig;
        }
        catch (UnwritableValueException e)
        {
            ThrowTerminatingError(Failures.InvalidValue(e, $"Nothing was run: {e.Message} (in Config).", Config, "Change or leave out that value."));
        }

        if (ShouldSend(() => $"{Count(records)} records, into experiment {found.Id} '{found.Name}'{Evaluators(settings)}", "Run experiment"))
        {
            Prepare(settings);
            BeginRecords(found, projectId, datasetId, FindDataset(projectId, datasetId)?.Name, settings, records);
        }
    }

    private void BeginRecords(Experiment experiment, string projectId, string datasetId, string? datasetName, RunSettings settings, RunRecords records) => Begin(new RunPlan
    {
        Experiment = experiment,
        Target = TargetOf(experiment, projectId, ProjectName(projectId), datasetId, datasetName),
        Settings = settings,
        RunCount = RunCount,
        Work = new RecordWork(records, RunCount),
        Choice = records.Choice,
        SetsStatus = records.Choice.Part is null,
    });

    private RunTarget TargetOf(Experiment experiment, string projectId, string? projectName, string datasetId, string? datasetName) => new()
    {
        ExperimentId = experiment.Id,
        ExperimentName = experiment.LogicalName ?? (Name.Length > 0 ? Name : experiment.Name ?? experiment.Id),
        ProjectId = projectId,
        ProjectName = projectName,
        DatasetId = datasetId,
        DatasetName = datasetName ?? experiment.DatasetName,
        Tags = SpanTag,
    };

    // A user who repeats the command after Ctrl+C, or after its cause is corrected, would lose answers that were paid for.
    private void KeepUnfinished(string path)
    {
        try
        {
            if (File.Exists(path) && ResultFile.Open(path) is { End: null or { Status: ExperimentStatus.Interrupted } or { IsGivenUp: true } } there && there.Rows().Any(row => !row.IsFailed))
            {
                Refuse(
                    FormattableString.Invariant($"'{path}' holds {there.RowCount} rows of an unfinished run, and would be replaced."),
                    $"Resume-LlmObsExperiment -ResultPath '{path}' continues it; -Force replaces the file. Or give another -ResultPath.");
            }
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            // No result file: whether it can be written shows later.
        }
    }

    private void Begin(RunPlan plan)
    {
        string? path = ResultPath is null ? null : ToPath(ResultPath);
        plan = plan with { KeepsRows = !DiscardRow, Spool = Spool, Url = PageOf(plan.Experiment.Id), ResultPath = path };
        try
        {
            plan = path is null ? plan : plan with { File = ResultFileWriter.Create(path, plan.ToHeader(Client.Options.Time.GetUtcNow())) };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            ThrowTerminatingError(Failures.UnwritableFile(path!, e));
        }

        Run(plan);
    }

    private string Times => RunCount > 1 ? FormattableString.Invariant($", {RunCount} times each") : string.Empty;

    private static string Evaluators(RunSettings settings) => settings.Evaluators.Count + settings.SummaryEvaluators.Count == 0
        ? "; no evaluators"
        : $"; evaluators: {string.Join(", ", settings.Evaluators.Concat(settings.SummaryEvaluators).Select(one => one.Name))}";

    private long Count(RunRecords records)
    {
        try
        {
            return Bridge.Each(records.Read(static all => all, static _ => { }, Bridge.Stopping)).LongCount();
        }
        catch (LlmObsException e)
        {
            ThrowTerminatingError(Failures.ToRecord(e, Dataset));
            return 0;
        }
    }
}
