using System.Management.Automation;

namespace LlmObs.PowerShell.Commands;

/// <summary>Creates an experiment.</summary>
[Cmdlet(VerbsCommon.New, "LlmObsExperiment", SupportsShouldProcess = true)]
[OutputType(typeof(Experiment))]
public sealed class NewLlmObsExperimentCommand : ApiCmdlet
{
    /// <summary>The name. By default the service appends a suffix that makes it unique.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = string.Empty;

    /// <summary>The project: its name, its id, or what Get-LlmObsProject returns. A dataset object includes it.</summary>
    [Parameter(Position = 1, ValueFromPipeline = true)]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(ProjectNameCompleter))]
    public ProjectReference? Project { get; set; }

    /// <summary>The dataset: its name or its id, or what Get-LlmObsDataset returns.</summary>
    [Parameter(Position = 2, ValueFromPipeline = true)]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(DatasetNameCompleter))]
    public DatasetReference? Dataset { get; set; }

    /// <summary>The id of the project, instead of -Project; it is not looked up. Piped rows can contain it.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("project_id")]
    public string? ProjectId { get; set; }

    /// <summary>The id of the dataset, instead of -Dataset; it is not looked up. Piped rows can contain it.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("dataset_id")]
    public string? DatasetId { get; set; }

    /// <summary>The version of the dataset; the service takes the current one if it is not given.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [FromText]
    [Alias("dataset_version")]
    public long? DatasetVersion { get; set; }

    /// <summary>The description.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? Description { get; set; }

    /// <summary>The configuration: model, prompt, temperature and the like. A hashtable or an object.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [JsonObject]
    public object? Config { get; set; }

    /// <summary>Metadata: a hashtable or an object.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [JsonObject]
    public object? Metadata { get; set; }

    /// <summary>Writes commit, branch and build into the metadata, from the build agent's variables, else from git.</summary>
    [Parameter]
    public SwitchParameter CiMetadata { get; set; }

    /// <summary>True if the service makes the name unique, which is its default.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [FromText]
    [Alias("ensure_unique")]
    public bool? EnsureUnique { get; set; }

    /// <summary>The experiment to compare with: an object, an id or a name.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("ParentExperimentId", "parent_experiment_id")]
    [Experiment]
    [ArgumentCompleter(typeof(ExperimentIdCompleter))]
    public ExperimentReference? ParentExperiment { get; set; }

    /// <summary>The number of runs planned.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [FromText]
    [Alias("run_count")]
    public int? RunCount { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ToDraft() is not ExperimentDraft draft)
        {
            return;
        }

        ApiCall<Experiment> call;
        try
        {
            call = Client.CreateExperiment(CiMetadata ? WithBuild(draft) : draft);
        }
        catch (UnwritableValueException e)
        {
            WriteError(Failures.InvalidValue(e, $"Experiment '{Name}' was not created: {e.Message} (in Config or Metadata).", Name, "Change or leave out that value."));
            return;
        }

        if (ShouldSend(call, "Create experiment") && TrySend(call, Name, out Experiment? created))
        {
            WriteObject(created);
        }
    }

    // What is named is looked up first; null if it can't be found, after the error.
    private ExperimentDraft? ToDraft()
    {
        Optional<string> parentId = Field(nameof(ParentExperiment), ParentExperiment?.Id);
        if (ParentExperiment is { Id: null })
        {
            if (Names.ExperimentId(ParentExperiment) is not string found)
            {
                return null;
            }

            parentId = found;
        }

        ProjectReference? project = Project ?? (string.IsNullOrWhiteSpace(ProjectId) ? null : new UnresolvedProject { Id = ProjectId });
        if (Dataset is not null)
        {
            return Names.Dataset(Dataset, project) is (string itsProject, string dataset) ? ToDraft(itsProject, dataset, parentId) : null;
        }

        if (project is null)
        {
            WriteError(Failures.ExperimentWithoutProject(Name));
            return null;
        }

        return Names.Project(project) is string projectId ? ToDraft(projectId, Field(nameof(DatasetId), DatasetId), parentId) : null;
    }

    private ExperimentDraft ToDraft(string projectId, Optional<string> datasetId, Optional<string> parentId) => new()
    {
        Name = Name,
        ProjectId = projectId,
        DatasetId = datasetId,
        DatasetVersion = Field(nameof(DatasetVersion), DatasetVersion),
        Description = Field(nameof(Description), Description),
        Config = Field(nameof(Config), Config),
        Metadata = Field(nameof(Metadata), Metadata),
        EnsureUnique = Field(nameof(EnsureUnique), EnsureUnique),
        ParentExperimentId = parentId,
        RunCount = Field(nameof(RunCount), RunCount),
    };

    private ExperimentDraft WithBuild(ExperimentDraft draft)
    {
        BuildMetadata build = BuildMetadata.Find(SessionState.Path.CurrentFileSystemLocation?.ProviderPath);
        if (build.IsEmpty)
        {
            WriteWarning(Warnings.NoCommit);
        }

        return ExperimentMetadata.Of(Metadata, build) is object metadata ? draft with { Metadata = metadata } : draft;
    }

    private Optional<T> Field<T>(string parameter, T? value) => OptionalParameter.Field(value, CommandLine.Contains(parameter));
}
