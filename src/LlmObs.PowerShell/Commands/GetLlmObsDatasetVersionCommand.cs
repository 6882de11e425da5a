using System.Management.Automation;

namespace LlmObs.PowerShell.Commands;

/// <summary>Lists the versions of a dataset, as the service orders them.</summary>
[Cmdlet(VerbsCommon.Get, "LlmObsDatasetVersion")]
[OutputType(typeof(DatasetVersion))]
public sealed class GetLlmObsDatasetVersionCommand : DatasetCmdlet
{
    private protected override void Process(string projectId, string datasetId)
    {
        if (TryMake(() => Client.ListDatasetVersions(projectId, datasetId), $"Versions of {Dataset} were not read", Dataset, out ApiCall<IReadOnlyList<DatasetVersion>>? call)
            && TrySend(call, Dataset, out IReadOnlyList<DatasetVersion>? versions))
        {
            WriteObject(versions, enumerateCollection: true);
        }
    }
}
