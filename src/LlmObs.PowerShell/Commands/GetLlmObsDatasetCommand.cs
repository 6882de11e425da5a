using System.Management.Automation;

namespace LlmObs.PowerShell.Commands;

/// <summary>Lists the datasets of a project, newest first.</summary>
[Cmdlet(VerbsCommon.Get, "LlmObsDataset", SupportsPaging = true, DefaultParameterSetName = ByName)]
[OutputType(typeof(Dataset))]
public sealed class GetLlmObsDatasetCommand : PagedCmdlet
{
    private const string ByName = "Name";
    private const string ById = "Id";

    /// <summary>Names, also with wildcards; all datasets of the project if nothing is given.</summary>
    [Parameter(Position = 0, ParameterSetName = ByName)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(DatasetNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Ids.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ById)]
    [ValidateNotNullOrEmpty]
    [Alias("DatasetId", "dataset_id")]
    public string[] Id { get; set; } = [];

    /// <summary>The project: its name, its id, or what Get-LlmObsProject returns.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [ValidateNotNull]
    [Alias("ProjectId", "project_id")]
    [ArgumentCompleter(typeof(ProjectNameCompleter))]
    public ProjectReference? Project { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Names.Project(Project!) is not string project)
        {
            return;
        }

        foreach (string id in Id.Distinct(StringComparer.Ordinal))
        {
            SayMissing(WriteList(Client.ListDatasets(project, id: id), id, dataset => dataset.Id == id), id, project);
        }

        if (ParameterSetName == ById)
        {
            return;
        }

        string[] patterns = [.. Name.Where(WildcardPattern.ContainsWildcardCharacters)];
        foreach (string name in Name.Except(patterns))
        {
            SayMissing(WriteList(Client.ListDatasets(project, name: name), name, NamePatterns.Exactly<Dataset>(name, dataset => dataset.Name)), name, project);
        }

        if (patterns.Length > 0 || Name.Length == 0)
        {
            WriteList(Client.ListDatasets(project), Project, NamePatterns.Any<Dataset>(patterns, dataset => dataset.Name));
        }
    }

    private void SayMissing(long? found, string asked, string project)
    {
        if (found == 0 && !IsFull)
        {
            WriteError(Failures.NameNotFound("dataset", asked, project, Client.Options.BaseUri.Host));
        }
    }
}
