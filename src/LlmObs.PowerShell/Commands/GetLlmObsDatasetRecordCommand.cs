using System.Management.Automation;

namespace LlmObs.PowerShell.Commands;

/// <summary>Lists the records of a dataset, newest first.</summary>
[Cmdlet(VerbsCommon.Get, "LlmObsDatasetRecord", SupportsPaging = true)]
[OutputType(typeof(DatasetRecord))]
public sealed class GetLlmObsDatasetRecordCommand : PagedCmdlet
{
    /// <summary>The dataset: its name or its id with -Project, or what Get-LlmObsDataset returns.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    [Alias("DatasetId", "dataset_id")]
    [ArgumentCompleter(typeof(DatasetNameCompleter))]
    public DatasetReference? Dataset { get; set; }

    /// <summary>The dataset's project, if the dataset does not name it: a name, an id, or an object from Get-LlmObsProject.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNull]
    [Alias("ProjectId", "project_id")]
    [ArgumentCompleter(typeof(ProjectNameCompleter))]
    public ProjectReference? Project { get; set; }

    /// <summary>The version whose records are wanted; the current one if it is not given.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(0, int.MaxValue)]
    [Alias("VersionNumber", "DatasetVersion", "dataset_version")]
    public long? Version { get; set; }

    /// <summary>Only records with one of these tags.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [TagList]
    public string[] Tag { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Names.Dataset(Dataset!, Project) is (string project, string dataset))
        {
            WriteList(Client.ListRecords(project, dataset, Version, Tag), Dataset);
        }
    }
}
