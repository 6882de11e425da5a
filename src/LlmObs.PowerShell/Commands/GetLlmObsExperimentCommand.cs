using System.Management.Automation;

namespace LlmObs.PowerShell.Commands;

/// <summary>Lists experiments, the newest first.</summary>
[Cmdlet(VerbsCommon.Get, "LlmObsExperiment", DefaultParameterSetName = ByFilter, SupportsPaging = true)]
[OutputType(typeof(Experiment))]
public sealed class GetLlmObsExperimentCommand : PagedCmdlet
{
    private const string ByFilter = "Filter";
    private const string ById = "Id";
    private const string ByExperiment = "Experiment";

    // So many ids make a query of a few thousand characters, which every proxy lets pass.
    private const int IdsPerRequest = 50;

    /// <summary>An experiment to read again; only its id is taken from it.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByExperiment)]
    [ValidateNotNull]
    public Experiment? Experiment { get; set; }

    /// <summary>The ids of experiments.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ById)]
    [ValidateNotNullOrEmpty]
    [Alias("ExperimentId", "experiment_id")]
    public string[] Id { get; set; } = [];

    /// <summary>Names of experiments, with the suffix that the service gave them; wildcards are allowed.</summary>
    [Parameter(Position = 0, ParameterSetName = ByFilter)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Name { get; set; } = [];

    /// <summary>The name that experiments were created with, which all runs of a pipeline share; wildcards are allowed.</summary>
    [Parameter(ParameterSetName = ByFilter)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [Alias("ExperimentName")]
    public string? LogicalName { get; set; }

    /// <summary>Only experiments of this project: its name, its id, or what Get-LlmObsProject returns.</summary>
    [Parameter(ValueFromPipeline = true, ParameterSetName = ByFilter)]
    [ArgumentCompleter(typeof(ProjectNameCompleter))]
    public ProjectReference? Project { get; set; }

    /// <summary>Only experiments on this dataset: its name with -Project, its id, or what Get-LlmObsDataset returns.</summary>
    [Parameter(ValueFromPipeline = true, ParameterSetName = ByFilter)]
    [ArgumentCompleter(typeof(DatasetNameCompleter))]
    public DatasetReference? Dataset { get; set; }

    /// <summary>Only experiments with this project id; it is not looked up.</summary>
    [Parameter(ParameterSetName = ByFilter)]
    [Alias("project_id")]
    public string? ProjectId { get; set; }

    /// <summary>Only experiments with this dataset id; it is not looked up.</summary>
    [Parameter(ParameterSetName = ByFilter)]
    [Alias("dataset_id")]
    public string? DatasetId { get; set; }

    /// <summary>Only experiments that were compared with one of these.</summary>
    [Parameter(ParameterSetName = ByFilter)]
    [ValidateNotNullOrEmpty]
    [Alias("parent_experiment_id")]
    public string[] ParentExperimentId { get; set; } = [];

    /// <summary>Only experiments whose metadata holds all of this: a hashtable or an object.</summary>
    [Parameter(ParameterSetName = ByFilter)]
    [JsonObject]
    public object? Metadata { get; set; }

    /// <summary>Deleted experiments, instead of those that are there.</summary>
    [Parameter]
    public SwitchParameter Deleted { get; set; }

    /// <summary>With the user who made each.</summary>
    [Parameter]
    public SwitchParameter IncludeUser { get; set; }

    /// <summary>With the name of each one's dataset.</summary>
    [Parameter]
    public SwitchParameter IncludeDatasetName { get; set; }

    private ExperimentFilter Common => new() { Deleted = Deleted, IncludeUser = IncludeUser, IncludeDatasetName = IncludeDatasetName };

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName != ByFilter)
        {
            string[] ids = Experiment is null ? Id : [Experiment.Id];
            foreach (string[] some in ids.Distinct(StringComparer.Ordinal).Chunk(IdsPerRequest))
            {
                WriteThose(some);
            }

            return;
        }

        try
        {
            if (ToFilter() is not ExperimentFilter filter)
            {
                return;
            }

            string[] patterns = [.. Name.Where(IsPattern)];
            foreach (string exact in Name.Except(patterns))
            {
                WriteNamed(exact, filter);
            }

            if (patterns.Length > 0 || Name.Length == 0)
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
        failure.Kind == FailureKind.BadRequest && ParameterSetName == ByFilter && Project is null && Dataset is null && Blank(ProjectId) is null && Blank(DatasetId) is null
            ? Failures.OfAllProjects(failure, target)
            : base.ToError(failure, target);

    // Null where a name could not be found, which has then been said.
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

        return ToFilter(Blank(projectId), Blank(datasetId));
    }

    private ExperimentFilter ToFilter(string? projectId, string? datasetId) => Common with
    {
        ProjectId = projectId,
        DatasetId = datasetId,
        LogicalName = IsPattern(LogicalName) ? null : LogicalName,
        ParentExperimentIds = ParentExperimentId,
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

    private void WriteThose(string[] ids)
    {
        var missing = new HashSet<string>(ids, StringComparer.Ordinal);
        long? found = WriteList(Client.ListExperiments(Common with { Ids = ids }), ids, experiment => missing.Remove(experiment.Id));
        foreach (string id in found is null || IsFull ? [] : ids.Where(missing.Contains))
        {
            WriteError(Failures.NotFound(
                $"There is no {(Deleted ? "deleted " : string.Empty)}experiment with the id '{id}' at {Client.Options.BaseUri.Host}.",
                id,
                "Check the id and the profile's site; a new experiment can take seconds until it is read back, a deleted one needs -Deleted."));
        }
    }

    private void WriteNamed(string name, ExperimentFilter filter)
    {
        if (WriteList(Client.ListExperiments(filter with { Name = name }), name, Matches([])) == 0 && !IsFull)
        {
            WriteError(Failures.NotFound(
                $"There is no experiment with exactly the name '{name}'.",
                name,
                $"The service may have given it a suffix: try -Name '{name}*', or -LogicalName '{name}' for the name that it was created with."));
        }
    }

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
