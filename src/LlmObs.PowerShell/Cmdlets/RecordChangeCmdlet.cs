using System.Management.Automation;

namespace LlmObs.PowerShell.Cmdlets;

/// <summary>A cmdlet that changes records which are there: piped as Get-LlmObsDatasetRecord gives them, or named by their ids.</summary>
public abstract class RecordChangeCmdlet : ApiCmdlet
{
    private protected const string ByRecord = "Record";
    private protected const string ById = "Id";

    private protected RecordChangeCmdlet()
    {
    }

    /// <summary>The records; their ids, datasets and projects are taken from them.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByRecord)]
    [ValidateNotNullOrEmpty]
    public DatasetRecord[] Record { get; set; } = [];

    /// <summary>The ids of records.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = ById)]
    [ValidateNotNullOrEmpty]
    [Alias("RecordId", "record_id")]
    public string[] Id { get; set; } = [];

    /// <summary>The dataset of ids: its name or its id with -Project, or what Get-LlmObsDataset returns.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = ById)]
    [ValidateNotNull]
    [Alias("DatasetId", "dataset_id")]
    [ArgumentCompleter(typeof(DatasetNameCompleter))]
    public DatasetReference? Dataset { get; set; }

    /// <summary>The dataset's project, if the dataset does not name it: a name, an id, or an object from Get-LlmObsProject.</summary>
    [Parameter(ParameterSetName = ById)]
    [ValidateNotNull]
    [Alias("ProjectId", "project_id")]
    [ArgumentCompleter(typeof(ProjectNameCompleter))]
    public ProjectReference? Project { get; set; }

    /// <inheritdoc/>
    protected sealed override void ProcessRecord()
    {
        foreach (DatasetRecord record in Record)
        {
            if (record is { ProjectId: string project, DatasetId: string dataset })
            {
                Process(project, dataset, record.Id);
            }
            else
            {
                WriteError(Failures.RecordWithoutDataset(record));
            }
        }

        if (ParameterSetName == ById && Names.Dataset(Dataset!, Project, anew: true) is (string projectId, string datasetId))
        {
            foreach (string id in Id)
            {
                Process(projectId, datasetId, id);
            }
        }
    }

    /// <summary>Changes one record.</summary>
    private protected abstract void Process(string projectId, string datasetId, string recordId);
}
