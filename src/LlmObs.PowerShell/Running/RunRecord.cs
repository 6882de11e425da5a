using LlmObs.Evaluation.Results;

namespace LlmObs.PowerShell.Running;

/// <summary>A record of the dataset as a run needs it: for scripts as objects, for everything that is sent as JSON.</summary>
internal sealed class RunRecord
{
    private static readonly RawJson Null = RawJson.Of("null");

    /// <summary>A record that a task is run for. Written at once: a task that changes its record does not change what is sent.</summary>
    public RunRecord(DatasetRecord record)
    {
        Record = record;
        Input = JsonSnapshot.Of(record.Input);
        ExpectedOutput = record.ExpectedOutput is null ? Null : JsonSnapshot.Of(record.ExpectedOutput);
        Metadata = record.Metadata is null ? default : JsonSnapshot.Of(record.Metadata);
    }

    /// <summary>What a row that was run before tells of its record.</summary>
    public RunRecord(ResultRow row)
    {
        Record = new DatasetRecord
        {
            Id = row.RecordId,
            Input = JsonSnapshot.Read(row.Input),
            ExpectedOutput = JsonSnapshot.Read(row.ExpectedOutput),
            Metadata = JsonSnapshot.Read(row.Metadata),
            Tags = row.Tags,
        };
        Input = row.Input;
        ExpectedOutput = row.ExpectedOutput.IsMissing ? Null : row.ExpectedOutput;
        Metadata = row.Metadata;
    }

    public DatasetRecord Record { get; }

    public string Id => Record.Id;

    public RawJson Input { get; }

    public RawJson ExpectedOutput { get; }

    public RawJson Metadata { get; }
}
