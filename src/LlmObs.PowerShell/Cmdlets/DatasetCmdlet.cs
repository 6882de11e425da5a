using System.Management.Automation;

namespace LlmObs.PowerShell.Cmdlets;

/// <summary>A cmdlet that does something with one dataset at a time, which is named or piped.</summary>
public abstract class DatasetCmdlet : ApiCmdlet
{
    private protected DatasetCmdlet()
    {
    }

    /// <summary>The dataset: its name or its id with -Project, or what Get-LlmObsDataset returns.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    [Alias("DatasetId", "dataset_id", "Id")]
    [ArgumentCompleter(typeof(DatasetNameCompleter))]
    public DatasetReference? Dataset { get; set; }

    /// <summary>The dataset's project, if the dataset does not name it: a name, an id, or an object from Get-LlmObsProject.</summary>
    [Parameter(Position = 2)]
    [ValidateNotNull]
    [Alias("ProjectId", "project_id")]
    [ArgumentCompleter(typeof(ProjectNameCompleter))]
    public ProjectReference? Project { get; set; }

    /// <inheritdoc/>
    protected sealed override void ProcessRecord()
    {
        if (Names.Dataset(Dataset!, Project, anew: Changes) is (string project, string dataset))
        {
            Process(project, dataset);
        }
    }

    /// <summary>True if it changes the dataset: a name is then looked up again.</summary>
    private protected virtual bool Changes => false;

    /// <summary>Processes one dataset.</summary>
    private protected abstract void Process(string projectId, string datasetId);
}
