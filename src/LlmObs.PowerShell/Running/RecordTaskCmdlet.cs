using System.Management.Automation;

namespace LlmObs.PowerShell.Running;

/// <summary>A cmdlet that runs a task over records: those of a dataset, or piped ones.</summary>
public abstract class RecordTaskCmdlet : TaskCmdlet
{
    private static readonly string[] Columns = [nameof(InputColumn), nameof(ExpectedColumn), nameof(MetadataColumn), nameof(IdColumn), nameof(JsonColumn)];

    private PipedInput? _piped;

    private protected RecordTaskCmdlet()
    {
    }

    /// <summary>The parameters that select the records.</summary>
    private protected static string[] OfRecords { get; } = [nameof(Dataset), nameof(Project), nameof(DatasetVersion), nameof(Tag), nameof(First), nameof(Sample), nameof(Seed), .. Columns];

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
    [ValidateNotNull]
    [ArgumentCompleter(typeof(ColumnCompleter))]
    public string[] JsonColumn { get; set; } = [];

    /// <summary>The version of the dataset; the current one if it is not given.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public long? DatasetVersion { get; set; }

    /// <summary>Only records with one of these tags, each as key:value.</summary>
    [Parameter]
    [ValidateNotNull]
    [TagList]
    public string[] Tag { get; set; } = [];

    /// <summary>Only so many records, the first ones that the service lists.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? First { get; set; }

    /// <summary>Only so many records, picked at random; the same ones for the same -Seed.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? Sample { get; set; }

    /// <summary>The seed of -Sample.</summary>
    [Parameter]
    public int Seed { get; set; }

    /// <summary>True if the dataset has new records.</summary>
    private protected bool HasAdded { get; private set; }

    /// <summary>True if anything was piped.</summary>
    private protected bool IsPiped => Piped.HasRecords || Piped.Dataset is not null;

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

    /// <summary>Reports problems of piped rows, and refuses contradictory parameters.</summary>
    private protected void CheckInput()
    {
        Piped.Complete();
        if (First is not null && Sample is not null)
        {
            Refuse("-First and -Sample were both given.", "Give one of them.");
        }

        if (DatasetVersion is not null && Piped.HasRecords)
        {
            Refuse("-DatasetVersion was given, and records were piped.", "Leave it out: piped records are run unchanged, and new ones make a new version.");
        }

        string[] columns = [.. Columns.Where(CommandLine.Contains)];
        if (columns.Length > 0 && !Piped.HasRecords)
        {
            Refuse($"{string.Join(", ", columns.Select(name => "-" + name))} describe the columns of piped rows, but none were piped.", "Pipe rows, for example from Import-Csv, and name their dataset with -Dataset.");
        }

        if (Piped.HasRecords && Piped.Records.Count == 0)
        {
            Refuse("None of the piped rows can be a record; nothing was run.", "Correct the errors above.");
        }
    }

    /// <summary>The dataset that is meant; rows make it if it is missing.</summary>
    /// <param name="how">How its records are run, as the end of a sentence: shown under -WhatIf if it is missing.</param>
    private protected (string ProjectId, string DatasetId)? FindTarget(string how)
    {
        if (Dataset is null && Piped.Dataset is null && Piped.HasRecords)
        {
            return OfPipedRecords();
        }

        if ((Dataset ?? Piped.Dataset) is not DatasetReference dataset)
        {
            Refuse("There is no dataset to run on.", "Pipe a dataset (Get-LlmObsDataset), or name one with -Dataset and -Project.");
            return null;
        }

        bool isMissing = false;
        bool mayBeMade = Piped.HasRecords && !Guid.TryParse(dataset.Name, out _); // an id that is wrong is no name
        (string ProjectId, string DatasetId)? found = Names.Dataset(dataset, Project, ifMissing: mayBeMade ? () => isMissing = true : null);
        return isMissing ? Make(dataset.Name!, how) : found;
    }

    private (string ProjectId, string DatasetId)? OfPipedRecords()
    {
        DatasetRecord[] records = [.. Piped.Records.Select(one => one.Record).OfType<DatasetRecord>()];
        if (records.Length < Piped.Records.Count || records.Any(record => record.DatasetId is null))
        {
            Refuse("The piped rows have no dataset.", "Name it with -Dataset and -Project; it is created if it does not exist.");
        }

        if (records.Any(record => record.DatasetId != records[0].DatasetId))
        {
            Refuse("The piped records are from several datasets, but an experiment runs on one.", "Pipe the records of one dataset, or name one with -Dataset to add them all to it.");
        }

        return records[0].ProjectId is string project ? (project, records[0].DatasetId!) : Names.Dataset(((DatasetReference?)records[0].DatasetId)!, Project);
    }

    private (string ProjectId, string DatasetId)? Make(string name, string how)
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
            // The following requests can't be shown: they would contain the dataset's id, which does not exist yet.
            ShouldProcess(FormattableString.Invariant($"{Piped.Records.Count} records, which are first added to the new dataset '{name}'{how}"), "Run experiment");
        }

        return null;
    }

    /// <summary>The version that an existing experiment is on; null for the current one.</summary>
    private protected long? VersionOfExperiment { get; set; }

    /// <summary>The records that are run, those that were piped brought into the dataset.</summary>
    private protected RunRecords? FindRecords(string projectId, string datasetId, RunShard? shard)
    {
        var choice = new RecordChoice { Tags = Tag, First = First, Sample = Sample, Seed = Seed, Part = shard };
        if (!Piped.HasRecords)
        {
            return new RunRecords(choice, (tell, token) => ReadRecordsAsync(projectId, datasetId, DatasetVersion ?? VersionOfExperiment, choice, tell, token));
        }

        RequireKeys();
        try
        {
            var import = new RecordImport(this, Bridge, Client);
            IReadOnlyList<DatasetRecord>? there = import.Bring(Piped.Records, projectId, datasetId, IsWhatIf);
            HasAdded = import.HasAdded;
            return there is null ? null : RunRecords.Of(there, choice, Bridge);
        }
        catch (LlmObsException e)
        {
            WriteError(Failures.ToRecord(e, Dataset));
            return null;
        }
    }

    // Read again: the version of an older dataset object may no longer be the current one.
    private protected Dataset? FindDataset(string projectId, string datasetId) =>
        FirstOf(Client.ListDatasets(projectId, id: datasetId), dataset => dataset.Id == datasetId);

    private protected string? ProjectName(string projectId) =>
        (Project as Project)?.Name ?? FirstOf(Client.ListProjects(id: projectId), project => project.Id == projectId)?.Name;

    // A list that can't be read does not end the command: its items are only reported if they are found.
    private protected T? FirstOf<T>(PagedCall<T> list, Func<T, bool> isIt)
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
