using System.Management.Automation;

namespace LlmObs.PowerShell.Commands;

/// <summary>Restores the records of an earlier version, as a new version.</summary>
[Cmdlet(VerbsData.Restore, "LlmObsDataset", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class RestoreLlmObsDatasetCommand : DatasetCmdlet
{
    /// <summary>The version to restore, from 0 to the current one. See Get-LlmObsDatasetVersion.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateRange(0, int.MaxValue)]
    [Alias("VersionNumber", "dataset_version")]
    public long Version { get; set; }

    private protected override bool Changes => true;

    private protected override void Process(string projectId, string datasetId)
    {
        if (TryMake(() => Client.RestoreDataset(projectId, datasetId, Version), $"Dataset {Dataset} was not restored", Dataset, out ApiCall<int>? call)
            && ShouldSend(call, "Restore dataset version"))
        {
            TrySend(call, Dataset, out _);
        }
    }
}
