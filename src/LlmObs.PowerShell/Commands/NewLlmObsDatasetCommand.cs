using System.Management.Automation;

namespace LlmObs.PowerShell.Commands;

/// <summary>Creates a dataset in a project.</summary>
[Cmdlet(VerbsCommon.New, "LlmObsDataset", SupportsShouldProcess = true)]
[OutputType(typeof(Dataset))]
public sealed class NewLlmObsDatasetCommand : ApiCmdlet
{
    /// <summary>The name.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = string.Empty;

    /// <summary>The project: its name, its id, or what Get-LlmObsProject returns.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [ValidateNotNull]
    [Alias("ProjectId", "project_id")]
    [ArgumentCompleter(typeof(ProjectNameCompleter))]
    public ProjectReference? Project { get; set; }

    /// <summary>The description.</summary>
    [Parameter]
    public string? Description { get; set; }

    /// <summary>Metadata: a hashtable or an object.</summary>
    [Parameter]
    [JsonObject]
    public object? Metadata { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var draft = new DatasetDraft
        {
            Name = Name,
            Description = Given.Field(Description, CommandLine.Contains(nameof(Description))),
            Metadata = Given.Field(Metadata, CommandLine.Contains(nameof(Metadata))),
        };
        if (Names.Project(Project!) is string project
            && TryMake(() => Client.CreateDataset(project, draft), $"Dataset '{Name}' was not created", Name, out ApiCall<Dataset>? call)
            && ShouldSend(call, "Create dataset")
            && TrySend(call, Name, out Dataset? dataset))
        {
            Names.Known.AddMade(project, dataset.Name, dataset.Id);
            WriteObject(dataset);
        }
    }
}
