using System.Management.Automation;

namespace LlmObs.PowerShell.Commands;

/// <summary>Lists experiments, the newest first.</summary>
[Cmdlet(VerbsCommon.Get, "LlmObsExperiment", SupportsPaging = true)]
[OutputType(typeof(Experiment))]
public sealed class GetLlmObsExperimentCommand : PagedCmdlet
{
    // So many ids make a query of a few thousand characters, which every proxy lets pass.
    private const int IdsPerRequest = 50;

    /// <summary>The experiments: ids, names, or objects to read again. Of names, wildcards are allowed. All if it is not given.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [Alias("ExperimentId", "experiment_id", "Id", "Name")]
    [SupportsWildcards]
    [Experiment]
    [ArgumentCompleter(typeof(ExperimentIdCompleter))]
    public ExperimentReference[] Experiment { get; set; } = [];

    /// <summary>The name that experiments were created with, which all runs of a pipeline share; wildcards are allowed.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [Alias("ExperimentName")]
    public string? LogicalName { get; set; }

    /// <summary>Only experiments of this project: its name, its id, or what Get-LlmObsProject returns.</summary>
    [Parameter(ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(ProjectNameCompleter))]
    public ProjectReference? Project { get; set; }

    /// <summary>Only experiments on this dataset: its name with -Project, its id, or what Get-LlmObsDataset returns.</summary>
    [Parameter(ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(DatasetNameCompleter))]
    public DatasetReference? Dataset { get; set; }

    /// <summary>Only experiments with this project id; it is not looked up.</summary>
    [Parameter]
    [Alias("project_id")]
    public string? ProjectId { get; set; }

    /// <summary>Only experiments with this dataset id; it is not looked up.</summary>
    [Parameter]
    [Alias("dataset_id")]
    public string? DatasetId { get; set; }

    /// <summary>Only experiments that were compared with one of these: objects, ids or names.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [Alias("ParentExperimentId", "parent_experiment_id")]
    [Experiment]
    [ArgumentCompleter(typeof(ExperimentIdCompleter))]
    public ExperimentReference[] ParentExperiment { get; set; } = [];

    /// <summary>Only experiments whose metadata holds all of this: a hashtable or an object.</summary>
    [Parameter]
    [JsonObject]
    public object? Metadata { get; set; }

    /// <summary>Deleted experiments, instead of those that are there.</summary>
    [Parameter]
    public SwitchParameter Deleted { get; set; }

    /// <summary>Includes the creator of each.</summary>
    [Parameter]
    public SwitchParameter IncludeUser { get; set; }

    /// <summary>Includes the name of each one's dataset.</summary>
    [Parameter]
    public SwitchParameter IncludeDatasetName { get; set; }

    private bool HasFilter => LogicalName is not null || Project is not null || Dataset is not null || Blank(ProjectId) is not null || Blank(DatasetId) is not null
        || ParentExperiment.Length > 0 || Metadata is not null;

    private ExperimentFilter Common => new() { Deleted = Deleted, IncludeUser = IncludeUser, IncludeDatasetName = IncludeDatasetName };

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        // PowerShell binds piped text to each parameter that takes it: an experiment's name is no project's.
        if (Experiment.Length > 0 && !CommandLine.Contains(nameof(Experiment)))
        {
            Project = CommandLine.Contains(nameof(Project)) ? Project : null;
            Dataset = CommandLine.Contains(nameof(Dataset)) ? Dataset : null;
        }

        try
        {
            if (ToFilter() is not ExperimentFilter filter)
            {
                return;
            }

            foreach (string[] some in Experiment.Select(one => one.Id).OfType<string>().Distinct(StringComparer.Ordinal).Chunk(IdsPerRequest))
            {
                WriteThose(some, filter);
            }

            string[] names = [.. Experiment.Where(one => one.Id is null).Select(one => one.Name!)];
            string[] patterns = [.. names.Where(IsPattern)];
            foreach (string exact in names.Except(patterns))
            {
                WriteNamed(exact, filter);
            }

            if (patterns.Length > 0 || Experiment.Length == 0)
            {
                WriteList(Client.ListExperiments(filter), filter.ProjectId ?? filter.DatasetId, Matches(patterns));
            }
        }
        catch (UnwritableValueException e)
        {
            WriteError(Failures.InvalidValue(e, $"{e.Message} (in Metadata).", Metadata, "Change or leave out that value."));
        }
    }

    private protected override ErrorRecord ToError(LlmObsException failure, object? target) =>
        failure.Kind == FailureKind.BadRequest && Project is null && Dataset is null && Blank(ProjectId) is null && Blank(DatasetId) is null
            ? Failures.OfAllProjects(failure, target)
            : base.ToError(failure, target);

    // Null if a name could not be found, which was then reported.
    private ExperimentFilter? ToFilter()
    {
        string? projectId = ProjectId, datasetId = DatasetId;
        if (Dataset is { Id: string known } && (Project is null || Dataset.ProjectId is not null))
        {
            (projectId, datasetId) = (Dataset.ProjectId ?? projectId, known);
        }
        else if (Dataset is not null)
        {
            if (Names.Dataset(Dataset, Project) is not (string project, string dataset))
            {
                return null;
            }

            (projectId, datasetId) = (project, dataset);
        }
        else if (Project is not null)
        {
            projectId = Names.Project(Project);
            if (projectId is null)
            {
                return null;
            }
        }

        string[] parents = [.. ParentExperiment.Select(one => Names.ExperimentId(one)).OfType<string>()];
        return parents.Length < ParentExperiment.Length ? null : ToFilter(Blank(projectId), Blank(datasetId), parents);
    }

    private ExperimentFilter ToFilter(string? projectId, string? datasetId, IReadOnlyList<string> parentIds) => Common with
    {
        ProjectId = projectId,
        DatasetId = datasetId,
        LogicalName = IsPattern(LogicalName) ? null : LogicalName,
        ParentExperimentIds = parentIds,
        Metadata = Metadata,
    };

    // The service compares whole names only: a pattern is compared here, with everything that the other filters leave.
    private Func<Experiment, bool>? Matches(IReadOnlyList<string> names)
    {
        Func<Experiment, bool>? byName = NamePatterns.Any<Experiment>(names, experiment => experiment.Name);
        Func<Experiment, bool>? byLogicalName = NamePatterns.Any<Experiment>(IsPattern(LogicalName) ? [LogicalName!] : [], experiment => experiment.LogicalName);
        return byName is null ? byLogicalName
            : byLogicalName is null ? byName
            : experiment => byName(experiment) && byLogicalName(experiment);
    }

    private static bool IsPattern(string? text) => text is not null && WildcardPattern.ContainsWildcardCharacters(text);

    private void WriteThose(string[] ids, ExperimentFilter filter)
    {
        var missing = new HashSet<string>(ids, StringComparer.Ordinal);
        Func<Experiment, bool>? matches = Matches([]);
        long? found = WriteList(
            Client.ListExperiments(filter with { Ids = ids }), ids, experiment => missing.Remove(experiment.Id) && matches?.Invoke(experiment) != false);
        foreach (string id in found is null || IsFull ? [] : ids.Where(missing.Contains))
        {
            WriteError(NotFound(id));
        }
    }

    // The whole name, else the name that experiments were created with, else an id that is no UUID.
    private void WriteNamed(string name, ExperimentFilter filter)
    {
        ExperimentFilter[] ways = [filter with { Name = name }, filter with { LogicalName = name }, filter with { Ids = [name] }];
        foreach (ExperimentFilter way in ways)
        {
            if (filter.LogicalName is not null && way.LogicalName != filter.LogicalName)
            {
                continue; // -LogicalName asks for another one
            }

            if (WriteList(Client.ListExperiments(way), name, Matches([])) != 0 || IsFull)
            {
                return;
            }
        }

        WriteError(NotFound(name));
    }

    private ErrorRecord NotFound(string asked) => Failures.ExperimentNotFound(
        asked,
        Client.Options.BaseUri.Host,
        which: Deleted ? "deleted " : string.Empty,
        more: HasFilter ? ", or none that fits the other parameters" : string.Empty);

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
