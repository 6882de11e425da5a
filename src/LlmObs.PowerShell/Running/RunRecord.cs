using LlmObs.Evaluation.Results;

namespace LlmObs.PowerShell.Running;

/// <summary>A record of the dataset as a run needs it: for scripts as objects, for everything that is sent as JSON.</summary>
internal sealed class RunRecord(DatasetRecord record)
{
    private static readonly RawJson Null = RawJson.Of("null");

    public DatasetRecord Record => record;

    public string Id => record.Id;

    /// <summary>Written when it is first asked for; a task that changes its record does not change what is sent.</summary>
    public RawJson Input { get; } = JsonSnapshot.Of(record.Input);

    public RawJson ExpectedOutput { get; } = record.ExpectedOutput is null ? Null : JsonSnapshot.Of(record.ExpectedOutput);

    public RawJson Metadata { get; } = record.Metadata is null ? default : JsonSnapshot.Of(record.Metadata);
}
