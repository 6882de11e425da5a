using System.Management.Automation;

namespace LlmObs.PowerShell.Commands;

/// <summary>Changes a dataset: only given values are sent, and null clears.</summary>
[Cmdlet(VerbsCommon.Set, "LlmObsDataset", SupportsShouldProcess = true)]
[OutputType(typeof(Dataset))]
public sealed class SetLlmObsDatasetCommand : DatasetCmdlet
{
    /// <summary>The new name.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = OptionalParameter.NoText;

    /// <summary>The new description; null clears it.</summary>
    [Parameter]
    [AllowNull]
    [AllowEmptyString]
    public string? Description { get; set; } = OptionalParameter.NoText;

    /// <summary>Metadata: a hashtable or an object. It replaces the old metadata; null clears it.</summary>
    [Parameter]
    [AllowNull]
    [JsonObject]
    public object? Metadata { get; set; } = OptionalParameter.Nothing;

    private protected override bool Changes => true;

    private protected override void Process(string projectId, string datasetId)
    {
        var patch = new DatasetPatch
        {
            Name = OptionalParameter.Text(Name, onCommandLine: true),
            Description = OptionalParameter.Text(Description, onCommandLine: true),
            Metadata = OptionalParameter.Object(Metadata),
        };
        if (patch.IsEmpty)
        {
            WriteError(Failures.NothingToChange("Dataset", Dataset!, "Give at least one of -Name, -Description, -Metadata."));
        }
        else if (TryMake(() => Client.UpdateDataset(projectId, datasetId, patch), $"Dataset {Dataset} was not changed", Dataset, out ApiCall<Dataset?>? call)
            && ShouldSend(call, "Update dataset")
            && TrySend(call, Dataset, out Dataset? updated))
        {
            Names.Known.Clear();
            WriteObject(updated ?? (Dataset as Dataset ?? new Dataset { Id = datasetId, ProjectId = projectId, Name = Dataset!.Name }).With(patch));
        }
    }
}
