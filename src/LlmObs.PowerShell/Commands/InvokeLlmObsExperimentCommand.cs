using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using System.Text;
using LlmObs.Evaluation.Results;

namespace LlmObs.PowerShell.Commands;

/// <summary>Runs a task and its evaluators over the records of a dataset, and records it as an experiment.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "LlmObsExperiment", SupportsShouldProcess = true, DefaultParameterSetName = ByName)]
[OutputType(typeof(ExperimentRun))]
public sealed class InvokeLlmObsExperimentCommand : TaskCmdlet
{
    private const string ByName = "Name";
    private const string ByExperiment = "Experiment";
    private const string ByFrom = "From";

    // What says which records are run, and how.
    private static readonly string[] OfTasks =
    [
        nameof(Task), nameof(TaskPath), nameof(CachePath), nameof(TaskTimeoutSec), nameof(MaxRetryCount), nameof(Dataset), nameof(Project), nameof(DatasetVersion), nameof(Tag), nameof(First),
        nameof(Sample), nameof(Seed), nameof(RunCount), nameof(InputColumn), nameof(ExpectedColumn), nameof(MetadataColumn), nameof(IdColumn), nameof(JsonColumn),
    ];

    private PipedInput? _piped;
    private bool _hasAdded;

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

    /// <summary>A dataset, records of one, or rows (Import-Csv), which are first brought into the dataset that -Dataset names.</summary>
    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    /// <summary>The dataset: its name or its id with -Project, or what Get-LlmObsDataset returns.</summary>
    [Parameter]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(DatasetNameCompleter))]
    public DatasetReference? Dataset { get; set; }

    /// <summary>The project that the dataset is in: its name, its id, or what Get-LlmObsProject returns.</summary>
    [Parameter]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(ProjectNameCompleter))]
    public ProjectReference? Project { get; set; }

    /// <summary>The columns of piped rows that become the input; several become an object of them.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ColumnCompleter))]
    public string[] InputColumn { get; set; } = [];

    /// <summary>The columns of piped rows that become the expected output; several become an object of them.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ColumnCompleter))]
    public string[] ExpectedColumn { get; set; } = [];

    /// <summary>The columns of piped rows that become members of the metadata.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ColumnCompleter))]
    public string[] MetadataColumn { get; set; } = [];

    /// <summary>The column of piped rows that holds each record's own id.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ColumnCompleter))]
    public string? IdColumn { get; set; }

    /// <summary>Columns of piped rows whose text is JSON. All other text is taken as text.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ColumnCompleter))]
    public string[] JsonColumn { get; set; } = [];

    /// <summary>The version of the dataset; the current one if it is not given.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public long? DatasetVersion { get; set; }

    /// <summary>Only records with one of these tags, each as key:value.</summary>
    [Parameter]
    public string[] Tag { get; set; } = [];

    /// <summary>Only so many records, the first ones that the service lists.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? First { get; set; }

    /// <summary>Only so many records, picked at random; the same ones for the same -Seed.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? Sample { get; set; }

    /// <summary>What the choice of -Sample depends on.</summary>
    [Parameter]
    public int Seed { get; set; }

    /// <summary>Which of the -ShardCount parts of the records is run, from 1 on.</summary>
    [Parameter(ParameterSetName = ByExperiment)]
    [ValidateRange(1, 100_000)]
    public int? Shard { get; set; }

    /// <summary>In how many parts the records are divided, by their ids.</summary>
    [Parameter(ParameterSetName = ByExperiment)]
    [ValidateRange(1, 100_000)]
    public int? ShardCount { get; set; }

    /// <summary>Takes -Shard and -ShardCount from the job of Azure Pipelines that this is (strategy: parallel).</summary>
    [Parameter(ParameterSetName = ByExperiment)]
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
    public SwitchParameter CiMetadata { get; set; } = true;

    /// <summary>The experiment to compare with: an object, an id or a name.</summary>
    [Parameter(ParameterSetName = ByName)]
    [ValidateNotNull]
    [Alias("ParentExperimentId")]
    [Experiment]
    [ArgumentCompleter(typeof(ExperimentIdCompleter))]
    public ExperimentReference? ParentExperiment { get; set; }

    /// <summary>How many times each record is run; an iteration each.</summary>
    [Parameter]
    [ValidateRange(1, 1000)]
    public int RunCount { get; set; } = 1;

    /// <summary>Tags for every span, each as key:value, beside those that tie it to its record and its run.</summary>
    [Parameter]
    public string[] SpanTag { get; set; } = [];

    /// <summary>A file that the rows are written to as they are finished (JSON Lines, see about_LlmObs_Results). Resume-LlmObsExperiment goes on from it.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ResultPath { get; set; }

    private PipedInput Piped => _piped ??= new PipedInput(
        this,
        new RecordMapping { InputColumns = InputColumn, ExpectedColumns = ExpectedColumn, MetadataColumns = MetadataColumn, IdColumn = IdColumn },
        JsonColumn.ToHashSet(StringComparer.OrdinalIgnoreCase),
        Client.Options.FreeForm);

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (InputObject is not null)
        {
            Piped.Take(InputObject);
            if (Dataset is not null && Piped.Dataset is not null)
            {
                Refuse("A dataset was piped, and -Dataset names one, too.", "Give one of them.");
            }
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (ParameterSetName == ByFrom)
        {
            JudgeAgain();
            return;
        }

        Piped.Complete();
        RefuseContradictions();
        RunShard? shard = RunShard.Of(this, Shard, ShardCount, Sharded);
        RunSettings settings = MakeSettings(Config);
        if (shard is not null && settings.SummaryEvaluators.Count > 0)
        {
            Refuse(PartHasNoSummary, "Give it to the job that completes the experiment: Resume-LlmObsExperiment with the result files of all parts one behind the other.");
        }

        if (FindTarget(settings) is not (string projectId, string datasetId) || FindRecords(projectId, datasetId, shard) is not RunRecords records)
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
        if (ofTasks.Length > 0 || Piped.HasRecords || Piped.Dataset is not null)
        {
            Refuse(
                $"-From judges the outputs of a run again, and runs no task over records: {(ofTasks.Length > 0 ? string.Join(", ", ofTasks.Select(name => "-" + name)) : "what was piped")} has no meaning there.",
                "Leave that out; or leave out -From to run the task.");
        }

        RunSettings settings = MakeSettings(Config, runsTask: false);
        if (settings.Evaluators.Count + settings.SummaryEvaluators.Count == 0)
        {
            Refuse("-From judges the outputs of a run again, and no evaluator was given.", "Give -Evaluator or -SummaryEvaluator.");
        }

        if (!TryReadRun(From!, out IResultRows? rows, out string name))
        {
            return;
        }

        ResultHeader parent = rows.Header;
        if (parent.ProjectId is null || parent.DatasetId is null || rows.RowCount == 0)
        {
            Refuse(
                rows.RowCount == 0 ? $"There are no rows in '{name}' to judge." : $"'{name}' does not say on which dataset it was run.",
                "Give a run of Invoke-LlmObsExperiment, its result file, or an experiment on a dataset. Events that were just sent can take seconds until they are read back.");
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

    private void RefuseContradictions()
    {
        if (First is not null && Sample is not null)
        {
            Refuse("-First and -Sample were both given.", "Give one of them.");
        }

        if (DatasetVersion is not null && Piped.HasRecords)
        {
            Refuse("-DatasetVersion was given, and records were piped.", "Leave it out: piped records are run as they are, and new ones make a version of their own.");
        }

        string[] columns = [.. new[] { nameof(InputColumn), nameof(ExpectedColumn), nameof(MetadataColumn), nameof(IdColumn), nameof(JsonColumn) }.Where(CommandLine.Contains)];
        if (columns.Length > 0 && !Piped.HasRecords)
        {
            Refuse($"{string.Join(", ", columns.Select(name => "-" + name))} say what the columns of piped rows are, and none were piped.", "Pipe rows, as of Import-Csv, and name the dataset that they belong to with -Dataset.");
        }

        if (Piped.HasRecords && Piped.Records.Count == 0)
        {
            Refuse("None of the piped rows can be a record; nothing was run.", "Correct what the errors before name.");
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
        long? version = DatasetVersion ?? (_hasAdded ? null : dataset?.CurrentVersion); // a list may not know yet of what was just added
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
        return TryMake(() => Client.CreateExperiment(draft), $"Experiment '{draft.Name}' was not created", draft.Name, out ApiCall<Experiment>? call)
            && ShouldSend(() => describe($"{call.Method} {call.Address} {Encoding.UTF8.GetString(call.Body.Span)}"), "Run experiment")
            && TrySend(call, draft.Name, out created);
    }

    private void RunExisting(string projectId, string datasetId, RunSettings settings, RunRecords records)
    {
        if (Names.Experiment(Experiment!, anew: true) is not Experiment found)
        {
            return;
        }

        settings = Config is null ? settings with { Config = found.Config } : settings;
        if (ShouldSend(() => $"{Count(records)} records, into experiment {found.Id} '{found.Name}'{Evaluators(settings)}", "Run experiment"))
        {
            BeginRecords(found, projectId, datasetId, FindDataset(projectId, datasetId)?.Name, settings, records);
        }
    }

    private void BeginRecords(Experiment experiment, string projectId, string datasetId, string? datasetName, RunSettings settings, RunRecords records) => Begin(new RunPlan
    {
        Experiment = experiment,
        Target = TargetOf(experiment, projectId, ProjectName(projectId), datasetId, datasetName),
        Settings = settings,
        RunCount = RunCount,
        Work = new RecordWork(records.Read, RunCount),
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

    private (string ProjectId, string DatasetId)? FindTarget(RunSettings settings)
    {
        if (Dataset is null && Piped.Dataset is null && Piped.HasRecords)
        {
            return OfPipedRecords();
        }

        if ((Dataset ?? Piped.Dataset) is not DatasetReference dataset)
        {
            Refuse("Nothing says on which dataset to run.", "Pipe a dataset (Get-LlmObsDataset), or name one with -Dataset and -Project.");
            return null;
        }

        bool isMissing = false;
        bool mayBeMade = Piped.HasRecords && !Guid.TryParse(dataset.Name, out _); // an id that is wrong is no name
        (string ProjectId, string DatasetId)? found = Names.Dataset(dataset, Project, ifMissing: mayBeMade ? () => isMissing = true : null);
        return isMissing ? Make(dataset.Name!, settings) : found;
    }

    private (string ProjectId, string DatasetId)? OfPipedRecords()
    {
        DatasetRecord[] records = [.. Piped.Records.Select(one => one.Record).OfType<DatasetRecord>()];
        if (records.Length < Piped.Records.Count || records.Any(record => record.DatasetId is null))
        {
            Refuse("Nothing says which dataset the piped rows belong to.", "Name it with -Dataset and -Project; it is made if it is missing.");
        }

        if (records.Any(record => record.DatasetId != records[0].DatasetId))
        {
            Refuse("The piped records are of several datasets, and an experiment runs on one.", "Pipe those of one dataset, or name one with -Dataset, which all are brought into.");
        }

        return records[0].ProjectId is string project ? (project, records[0].DatasetId!) : Names.Dataset(((DatasetReference?)records[0].DatasetId)!, Project);
    }

    private (string ProjectId, string DatasetId)? Make(string name, RunSettings settings)
    {
        if (Names.Project(Project!) is not string project || !TryMake(() => Client.CreateDataset(project, new DatasetDraft { Name = name }), $"Dataset '{name}' was not created", name, out ApiCall<Dataset>? call))
        {
            return null;
        }

        if (ShouldSend(call, "Create dataset"))
        {
            if (!TrySend(call, name, out Dataset? made))
            {
                return null;
            }

            Names.Known.AddMade(project, made.Name, made.Id);
            return (project, made.Id!);
        }

        if (IsWhatIf)
        {
            // What comes next can't be shown as requests: they would name the dataset by an id that nobody has given it yet.
            ShouldProcess(FormattableString.Invariant($"{Piped.Records.Count} records, which are first added to the new dataset '{name}'{Times}{Evaluators(settings)}"), "Run experiment");
        }

        return null;
    }

    private RunRecords? FindRecords(string projectId, string datasetId, RunShard? shard)
    {
        var choice = new RecordChoice { Tags = Tag, First = First, Sample = Sample, Seed = Seed, Part = shard };
        if (!Piped.HasRecords)
        {
            return new RunRecords(choice, token => choice.Of(ReadRecordsAsync(projectId, datasetId, DatasetVersion, choice, token)));
        }

        RequireKeys();
        try
        {
            var import = new RecordImport(this, Bridge, Client);
            IReadOnlyList<DatasetRecord>? there = import.Bring(Piped.Records, projectId, datasetId, IsWhatIf);
            _hasAdded = import.HasAdded;
            return there is null ? null : RunRecords.Of(there, choice, Bridge);
        }
        catch (LlmObsException e)
        {
            WriteError(Failures.ToRecord(e, Dataset));
            return null;
        }
    }

    private string Times => RunCount > 1 ? FormattableString.Invariant($", {RunCount} times each") : string.Empty;

    private static string Evaluators(RunSettings settings) => settings.Evaluators.Count + settings.SummaryEvaluators.Count == 0
        ? "; no evaluators"
        : $"; evaluators: {string.Join(", ", settings.Evaluators.Concat(settings.SummaryEvaluators).Select(one => one.Name))}";

    private long Count(RunRecords records)
    {
        try
        {
            return Bridge.Each(records.Read(Bridge.Stopping)).LongCount();
        }
        catch (LlmObsException e)
        {
            ThrowTerminatingError(Failures.ToRecord(e, Dataset ?? Piped.Dataset));
            return 0;
        }
    }

    // Asked anew: the version of a dataset that was made a while ago may not be its current one.
    private Dataset? FindDataset(string projectId, string datasetId) =>
        FirstOf(Client.ListDatasets(projectId, id: datasetId), dataset => dataset.Id == datasetId);

    private string? ProjectName(string projectId) =>
        (Project as Project)?.Name ?? FirstOf(Client.ListProjects(id: projectId), project => project.Id == projectId)?.Name;

    // A list that can't be read is no reason to end: what is looked for there is told only where it is found.
    private T? FirstOf<T>(PagedCall<T> list, Func<T, bool> isIt)
        where T : class
    {
        RequireKeys();
        try
        {
            return Bridge.Each(list.ReadAsync(1, new VerboseObserver(Bridge))).SelectMany(page => page.Items).FirstOrDefault(isIt);
        }
        catch (LlmObsException e)
        {
            WriteError(Failures.ToRecord(e, null));
            return null;
        }
    }
}
