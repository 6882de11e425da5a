using System.Management.Automation;

namespace LlmObs.PowerShell.Commands;

/// <summary>Makes a dataset of the present records of another one, in the same project.</summary>
[Cmdlet(VerbsCommon.Copy, "LlmObsDataset", SupportsShouldProcess = true)]
[OutputType(typeof(Dataset))]
public sealed class CopyLlmObsDatasetCommand : DatasetCmdlet
{
    /// <summary>The name of the new dataset.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    [Alias("Name")]
    public string NewName { get; set; } = string.Empty;

    /// <summary>The description of the new dataset.</summary>
    [Parameter]
    public string? Description { get; set; }

    private protected override void Process(string projectId, string datasetId)
    {
        var draft = new DatasetDraft { Name = NewName, Description = OptionalParameter.Field(Description, CommandLine.Contains(nameof(Description))) };
        if (TryMake(() => Client.CloneDataset(projectId, datasetId, draft), $"Dataset {Dataset} was not copied", Dataset, out ApiCall<Dataset>? call)
            && ShouldSend(call, "Copy dataset")
            && TrySend(call, Dataset, out Dataset? copy))
        {
            Names.Known.AddMade(projectId, copy.Name, copy.Id);
            WriteObject(copy);
        }
    }
}
