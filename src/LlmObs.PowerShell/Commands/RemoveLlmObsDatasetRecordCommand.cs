using System.Management.Automation;

namespace LlmObs.PowerShell.Commands;

/// <summary>Deletes records of datasets, all of a dataset in one request.</summary>
[Cmdlet(VerbsCommon.Remove, "LlmObsDatasetRecord", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High, DefaultParameterSetName = ByRecord)]
[OutputType(typeof(void))]
public sealed class RemoveLlmObsDatasetRecordCommand : RecordChangeCmdlet
{
    private const int IdsPerRequest = 5000;

    private readonly OrderedDictionary<(string ProjectId, string DatasetId), List<string>> _targets = [];

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        foreach (((string projectId, string datasetId), List<string> ids) in _targets)
        {
            foreach (string[] some in ids.Distinct(StringComparer.Ordinal).Chunk(IdsPerRequest))
            {
                ApiCall<int> call = Client.DeleteRecords(projectId, datasetId, some);
                if (ShouldSend(call, "Delete records"))
                {
                    TrySend(call, some, out _);
                }
            }
        }
    }

    private protected override void Process(string projectId, string datasetId, string recordId)
    {
        _targets.TryAdd((projectId, datasetId), []);
        _targets[(projectId, datasetId)].Add(recordId);
    }
}
