using System.Management.Automation;
using LlmObs.Client;
using LlmObs.PowerShell.Binding;
using LlmObs.PowerShell.Pipeline;

namespace LlmObs.PowerShell.Commands;

/// <summary>Lists experiments, the newest first.</summary>
[Cmdlet(VerbsCommon.Get, "LlmObsExperiment", DefaultParameterSetName = ByFilter, SupportsPaging = true)]
[OutputType(typeof(Experiment))]
public sealed class GetLlmObsExperimentCommand : PagedCmdlet
{
    private const string ByFilter = "Filter";
    private const string ById = "Id";

    // So many ids make a query of a few thousand characters, which every proxy lets pass.
    private const int IdsPerRequest = 50;

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

    /// <summary>Only experiments of this project.</summary>
    [Parameter(ParameterSetName = ByFilter)]
    [Alias("project_id")]
    public string? ProjectId { get; set; }

    /// <summary>Only experiments on this dataset.</summary>
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
        if (ParameterSetName == ById)
        {
            foreach (string[] some in Id.Distinct(StringComparer.Ordinal).Chunk(IdsPerRequest))
            {
                WriteThose(some);
            }

            return;
        }

        try
        {
            ExperimentFilter filter = ToFilter();
            string[] patterns = [.. Name.Where(WildcardPattern.ContainsWildcardCharacters)];
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

    private ExperimentFilter ToFilter() => Common with
    {
        ProjectId = Blank(ProjectId),
        DatasetId = Blank(DatasetId),
        LogicalName = LogicalName is not null && WildcardPattern.ContainsWildcardCharacters(LogicalName) ? null : LogicalName,
        ParentExperimentIds = ParentExperimentId,
        Metadata = Metadata,
    };

    // The service compares whole names only: a pattern is compared here, with everything that the other filters leave.
    private Func<Experiment, bool>? Matches(string[] names)
    {
        WildcardPattern[] patterns = [.. names.Select(name => new WildcardPattern(name, WildcardOptions.IgnoreCase))];
        WildcardPattern? logical = LogicalName is not null && WildcardPattern.ContainsWildcardCharacters(LogicalName)
            ? new WildcardPattern(LogicalName, WildcardOptions.IgnoreCase)
            : null;
        return patterns.Length == 0 && logical is null
            ? null
            : experiment => (patterns.Length == 0 || patterns.Any(pattern => pattern.IsMatch(experiment.Name ?? string.Empty)))
                && logical?.IsMatch(experiment.LogicalName ?? string.Empty) != false;
    }

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
