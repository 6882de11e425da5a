using System.Management.Automation;

namespace LlmObs.PowerShell.Commands;

/// <summary>Deletes datasets with their records, all of a project in one request.</summary>
[Cmdlet(VerbsCommon.Remove, "LlmObsDataset", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(void))]
public sealed class RemoveLlmObsDatasetCommand : ApiCmdlet
{
    private const int IdsPerRequest = 500;

    private readonly OrderedDictionary<string, OrderedDictionary<string, DatasetReference>> _targets = new(StringComparer.Ordinal);

    /// <summary>The datasets: names or ids with -Project, or what Get-LlmObsDataset returns.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [Alias("DatasetId", "Id")]
    [ArgumentCompleter(typeof(DatasetNameCompleter))]
    public DatasetReference[] Dataset { get; set; } = [];

    /// <summary>The datasets' project, if they do not name it: a name, an id, or an object from Get-LlmObsProject.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNull]
    [Alias("ProjectId", "project_id")]
    [ArgumentCompleter(typeof(ProjectNameCompleter))]
    public ProjectReference? Project { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (DatasetReference dataset in Dataset)
        {
            if (Names.Dataset(dataset, Project, anew: true) is (string projectId, string datasetId))
            {
                _targets.TryAdd(projectId, new(StringComparer.Ordinal));
                _targets[projectId].TryAdd(datasetId, dataset);
            }
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        foreach ((string projectId, OrderedDictionary<string, DatasetReference> datasets) in _targets)
        {
            foreach (KeyValuePair<string, DatasetReference>[] some in datasets.Chunk(IdsPerRequest))
            {
                ApiCall<int> call = Client.DeleteDatasets(projectId, [.. some.Select(target => target.Key)]);
                if (ShouldSend(call, "Delete datasets") && TrySend(call, some.Select(target => target.Value).ToArray(), out _))
                {
                    Names.Known.Clear();
                }
            }
        }
    }
}
