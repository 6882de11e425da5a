using System.Management.Automation;

namespace LlmObs.PowerShell.Commands;

/// <summary>Creates a project, or gets the one that has the name already.</summary>
[Cmdlet(VerbsCommon.New, "LlmObsProject", SupportsShouldProcess = true)]
[OutputType(typeof(Project))]
public sealed class NewLlmObsProjectCommand : ApiCmdlet
{
    /// <summary>The name. Where a project has it, the service answers with that one, as it is.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = string.Empty;

    /// <summary>The description of a new one.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    public string? Description { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var draft = new ProjectDraft { Name = Name, Description = OptionalParameter.Field(Description, CommandLine.Contains(nameof(Description))) };
        if (TryMake(() => Client.CreateProject(draft), $"Project '{Name}' was not created", Name, out ApiCall<Project>? call)
            && ShouldSend(call, "Create project")
            && TrySend(call, Name, out Project? project))
        {
            Names.Known.AddMade(null, project.Name, project.Id);
            WriteObject(project);
        }
    }
}
