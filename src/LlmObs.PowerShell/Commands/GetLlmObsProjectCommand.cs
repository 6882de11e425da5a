using System.Management.Automation;

namespace LlmObs.PowerShell.Commands;

/// <summary>Lists projects, newest first.</summary>
[Cmdlet(VerbsCommon.Get, "LlmObsProject", SupportsPaging = true, DefaultParameterSetName = ByName)]
[OutputType(typeof(Project))]
public sealed class GetLlmObsProjectCommand : PagedCmdlet
{
    private const string ByName = "Name";
    private const string ById = "Id";

    /// <summary>Names, also with wildcards; all projects if nothing is given.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ParameterSetName = ByName)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ProjectNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Ids.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ById)]
    [ValidateNotNullOrEmpty]
    [Alias("ProjectId", "project_id")]
    public string[] Id { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string id in Id.Distinct(StringComparer.Ordinal))
        {
            if (WriteList(Client.ListProjects(id: id), id, project => project.Id == id) == 0 && !IsFull)
            {
                WriteError(Failures.NameNotFound("project", id, null, Client.Options.BaseUri.Host));
            }
        }

        if (ParameterSetName == ById)
        {
            return;
        }

        string[] patterns = [.. Name.Where(WildcardPattern.ContainsWildcardCharacters)];
        foreach (string name in Name.Except(patterns))
        {
            if (WriteList(Client.ListProjects(name: name), name, NamePatterns.Exactly<Project>(name, project => project.Name)) == 0 && !IsFull)
            {
                WriteError(Failures.NameNotFound("project", name, null, Client.Options.BaseUri.Host));
            }
        }

        if (patterns.Length > 0 || Name.Length == 0)
        {
            WriteList(Client.ListProjects(), null, NamePatterns.Any<Project>(patterns, project => project.Name));
        }
    }
}
