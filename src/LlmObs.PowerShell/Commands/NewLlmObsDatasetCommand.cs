using System.Management.Automation;

namespace LlmObs.PowerShell.Commands;

/// <summary>Creates a dataset in a project.</summary>
[Cmdlet(VerbsCommon.New, "LlmObsDataset", SupportsShouldProcess = true)]
[OutputType(typeof(Dataset))]
public sealed class NewLlmObsDatasetCommand : ApiCmdlet
{
    // The two times of something new may differ by as long as it takes to write it.
    private static readonly TimeSpan OneWrite = TimeSpan.FromSeconds(1);

    // How far the service's clock may be from this one.
    private static readonly TimeSpan ClocksApart = TimeSpan.FromMinutes(5);

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
            Description = OptionalParameter.Field(Description, CommandLine.Contains(nameof(Description))),
            Metadata = OptionalParameter.Field(Metadata, CommandLine.Contains(nameof(Metadata))),
        };
        if (Names.Project(Project!) is string project
            && TryMake(() => Client.CreateDataset(project, draft), $"Dataset '{Name}' was not created", Name, out ApiCall<Dataset>? call)
            && ShouldSend(call, "Create dataset"))
        {
            Send(project, call);
        }
    }

    private void Send(string project, ApiCall<Dataset> call)
    {
        DateTimeOffset asked = TimeProvider.System.GetUtcNow();
        if (TrySend(call, Name, out Dataset? dataset))
        {
            if (WasThere(dataset, asked))
            {
                WriteWarning(Warnings.DatasetWasThere(Name, dataset.CurrentVersion));
            }

            Names.Known.AddMade(project, dataset.Name, dataset.Id);
            WriteObject(dataset);
        }
    }

    // The service returns an existing dataset of that name without reporting it.
    private static bool WasThere(Dataset dataset, DateTimeOffset asked) =>
        dataset.CurrentVersion > 0 || dataset.UpdatedAt - dataset.CreatedAt > OneWrite || dataset.CreatedAt < asked - ClocksApart;
}
