using System.Collections;
using System.Management.Automation;

namespace LlmObs.PowerShell.Commands;

/// <summary>Changes records: only given values are sent, many in one request.</summary>
[Cmdlet(VerbsCommon.Set, "LlmObsDatasetRecord", SupportsShouldProcess = true, DefaultParameterSetName = ByRecord)]
[OutputType(typeof(DatasetRecord))]
public sealed class SetLlmObsDatasetRecordCommand : RecordChangeCmdlet
{
    private readonly OrderedDictionary<(string ProjectId, string DatasetId), List<DatasetRecordPatch>> _changes = [];

    /// <summary>The new input: any value that becomes JSON.</summary>
    [Parameter(ParameterSetName = ByRecord)]
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = ById)]
    [AllowNull]
    public object? Input { get; set; } = OptionalParameter.Nothing;

    /// <summary>The new expected output: any value that becomes JSON; null clears it.</summary>
    [Parameter(ParameterSetName = ByRecord)]
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = ById)]
    [AllowNull]
    [Alias("expected_output")]
    public object? ExpectedOutput { get; set; } = OptionalParameter.Nothing;

    /// <summary>Metadata: a hashtable or an object. It replaces the old metadata; null clears it.</summary>
    [Parameter(ParameterSetName = ByRecord)]
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = ById)]
    [AllowNull]
    [JsonObject]
    public object? Metadata { get; set; } = OptionalParameter.Nothing;

    /// <summary>The tags to have in the end.</summary>
    [Parameter]
    [TagList]
    public string[]? Tag { get; set; }

    /// <summary>Tags to add.</summary>
    [Parameter]
    [TagList]
    public string[]? AddTag { get; set; }

    /// <summary>Tags to take away.</summary>
    [Parameter]
    [TagList]
    public string[]? RemoveTag { get; set; }

    /// <summary>Changes the present version of the dataset instead of making a new one.</summary>
    [Parameter]
    public SwitchParameter KeepVersion { get; set; }

    /// <summary>The most records of a request.</summary>
    [Parameter]
    [ValidateRange(1, 100_000)]
    public int BatchSize { get; set; } = 1000;

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        foreach (((string projectId, string datasetId), List<DatasetRecordPatch> patches) in _changes)
        {
            foreach (DatasetRecordPatch[] some in patches.Chunk(BatchSize))
            {
                Send(projectId, datasetId, some);
            }
        }
    }

    private protected override void Process(string projectId, string datasetId, string recordId)
    {
        Optional<object> input = Field(nameof(Input), Input);
        if (input is { IsGiven: true, Value: null })
        {
            if (CommandLine.Contains(nameof(Input)))
            {
                const string Message = "A record always has an input: null can't take its place.";
                WriteError(Failures.InvalidValue(new PSArgumentException(Message), Message, recordId, "Give another input, or delete the record with Remove-LlmObsDatasetRecord."));
                return;
            }

            input = default;
        }

        var patch = new DatasetRecordPatch
        {
            Id = recordId,
            Input = input,
            ExpectedOutput = Erasing(Field(nameof(ExpectedOutput), ExpectedOutput), string.Empty),
            Metadata = Erasing(OptionalParameter.Object(Metadata), new Hashtable()),
            SetTags = Tag,
            AddTags = AddTag,
            RemoveTags = RemoveTag,
        };
        if (patch.IsEmpty)
        {
            WriteError(Failures.NothingToChange("Record", recordId, "Give at least one of -Input, -ExpectedOutput, -Metadata, -Tag, -AddTag, -RemoveTag."));
            return;
        }

        _changes.TryAdd((projectId, datasetId), []);
        _changes[(projectId, datasetId)].Add(patch);
    }

    private void Send(string projectId, string datasetId, DatasetRecordPatch[] patches)
    {
        object target = patches.Length == 1 ? patches[0].Id : patches.Select(patch => patch.Id).ToArray();
        string what = patches.Length == 1 ? $"Record {patches[0].Id} was not changed" : $"Records {patches[0].Id} to {patches[^1].Id} were not changed";
        if (TryMake(() => Client.UpdateRecords(projectId, datasetId, patches, createVersion: !KeepVersion), what, target, out ApiCall<IReadOnlyList<DatasetRecord>?>? call)
            && ShouldSend(call, "Update records")
            && TrySend(call, target, out IReadOnlyList<DatasetRecord>? changed))
        {
            if (changed is null || changed.Count < patches.Length)
            {
                WriteVerbose($"The service returned {changed?.Count ?? 0} of {patches.Length} changed records.");
            }

            WriteObject(changed ?? [], enumerateCollection: true);
        }
    }

    // The service takes null for "unchanged"; an empty value erases.
    private static Optional<object> Erasing(Optional<object> field, object empty) => field is { IsGiven: true, Value: null } ? empty : field;

    // A blank cell of a piped row leaves the field alone.
    private Optional<object> Field(string parameter, object? value) =>
        !CommandLine.Contains(parameter) && PSObjectJson.UnwrapCell(value) is string text && string.IsNullOrWhiteSpace(text) ? default : OptionalParameter.Object(value);
}
