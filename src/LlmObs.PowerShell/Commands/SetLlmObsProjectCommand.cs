using System.Management.Automation;

namespace LlmObs.PowerShell.Commands;

/// <summary>Changes a project: only given values are sent, and null clears.</summary>
[Cmdlet(VerbsCommon.Set, "LlmObsProject", SupportsShouldProcess = true)]
[OutputType(typeof(Project))]
public sealed class SetLlmObsProjectCommand : ApiCmdlet
{
    /// <summary>The project: its name, its id, or what Get-LlmObsProject returns.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    [Alias("ProjectId", "Id")]
    [ArgumentCompleter(typeof(ProjectNameCompleter))]
    public ProjectReference? Project { get; set; }

    /// <summary>The new name.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = OptionalParameter.NoText;

    /// <summary>The new description; null clears it.</summary>
    [Parameter]
    [AllowNull]
    [AllowEmptyString]
    public string? Description { get; set; } = OptionalParameter.NoText;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var patch = new ProjectPatch { Name = OptionalParameter.Text(Name, onCommandLine: true), Description = OptionalParameter.Text(Description, onCommandLine: true) };
        if (patch.IsEmpty)
        {
            WriteError(Failures.NothingToChange("Project", Project!, "Give -Name or -Description."));
            return;
        }

        if (Names.Project(Project!, anew: true) is string id
            && TryMake(() => Client.UpdateProject(id, patch), $"Project {Project} was not changed", Project, out ApiCall<Project?>? call)
            && ShouldSend(call, "Update project")
            && TrySend(call, Project, out Project? updated))
        {
            Names.Known.Clear();
            WriteObject(updated ?? (Project as Project ?? new Project { Id = id, Name = Project!.Name }).With(patch));
        }
    }
}
