using System.Globalization;
using LlmObs.Evaluation.Results;

namespace LlmObs.PowerShell.Running;

/// <summary>A record of the dataset as a run needs it: for scripts as objects, for everything that is sent as JSON.</summary>
internal sealed class RunRecord
{
    private static readonly RawJson Null = RawJson.Of("null");

    /// <summary>A record that a task is run for. Written at once: a task that changes its record does not change the sent row.</summary>
    public RunRecord(DatasetRecord record)
    {
        Input = JsonSnapshot.Of(record.Input);
        ExpectedOutput = record.ExpectedOutput is null ? Null : JsonSnapshot.Of(record.ExpectedOutput);
        Metadata = record.Metadata is null ? default : JsonSnapshot.Of(record.Metadata);
        Record = record with { Metadata = JsonSnapshot.ReadForScripts(Metadata) };
    }

    /// <summary>The record of a row that was run before.</summary>
    public RunRecord(ResultRow row)
    {
        Record = new DatasetRecord
        {
            Id = row.RecordId,
            Input = JsonSnapshot.Read(row.Input),
            ExpectedOutput = JsonSnapshot.Read(row.ExpectedOutput),
            Metadata = JsonSnapshot.ReadForScripts(row.Metadata),
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

/// <summary>The records that a run goes over.</summary>
/// <param name="Choice">Which of the dataset's records they are.</param>
/// <param name="All">Reads those that they are chosen from, anew for each iteration, and tells how many are chosen once that is sure.</param>
internal sealed record RunRecords(RecordChoice Choice, Func<Action<long>, CancellationToken, IAsyncEnumerable<DatasetRecord>> All)
{
    /// <summary>The choice as it was given.</summary>
    public RecordChoice GivenChoice { get; init; } = Choice;

    /// <summary>The number of piped records; 0 if they are read from the dataset.</summary>
    public int Piped { get; init; }

    /// <summary>Records at hand. Which of them are run is settled here: a run that goes on later finds them in another order.</summary>
    public static RunRecords Of(IReadOnlyList<DatasetRecord> given, RecordChoice choice, AsyncPipelineBridge bridge)
    {
        DatasetRecord[] chosen = [.. bridge.Each((choice with { Part = null }).Of(ToAsync(given)))];
        var settled = new RecordChoice { Ids = [.. chosen.Select(record => record.Id)], Part = choice.Part };
        return new RunRecords(settled, (tell, _) => ToAsync(chosen, () => tell(chosen.Count(settled.IsInPart)))) { GivenChoice = choice, Piped = given.Count };
    }

    /// <summary>Reads the records.</summary>
    /// <param name="through">Sees all records before the choice.</param>
    /// <param name="tell">Is told how many are chosen, if that is sure before they end.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public IAsyncEnumerable<DatasetRecord> Read(Func<IAsyncEnumerable<DatasetRecord>, IAsyncEnumerable<DatasetRecord>> through, Action<long> tell, CancellationToken cancellation) =>
        Choice.Of(through(All(tell, cancellation)));

    private static async IAsyncEnumerable<DatasetRecord> ToAsync(IEnumerable<DatasetRecord> records, Action? begin = null)
    {
        begin?.Invoke();
        foreach (DatasetRecord record in records)
        {
            yield return record;
        }

        await Task.CompletedTask.ConfigureAwait(false);
    }
}

/// <summary>The part of the records that a job runs.</summary>
/// <param name="Number">From 1 on.</param>
/// <param name="Count">The number of parts.</param>
internal sealed record RunShard(int Number, int Count)
{
    /// <summary>The part that was given, or that the job of Azure Pipelines is (<c>strategy: parallel</c>).</summary>
    /// <returns>The part; null if there are no parts.</returns>
    public static RunShard? Of(TaskCmdlet cmdlet, int? number, int? count, bool isOfJob)
    {
        number ??= isOfJob ? FromJob(cmdlet, "SYSTEM_JOBPOSITIONINPHASE") : null;
        count ??= isOfJob ? FromJob(cmdlet, "SYSTEM_TOTALJOBSINPHASE") : null;
        if (number is null != count is null)
        {
            cmdlet.Refuse("-Shard and -ShardCount belong together.", "Give both, or -Sharded in a job of Azure Pipelines.");
        }

        if (number > count)
        {
            cmdlet.Refuse(FormattableString.Invariant($"There is no part {number} of {count}."), "Parts are counted from 1.");
        }

        return number is int one && count is int all ? new RunShard(one, all) : null;
    }

    private static int FromJob(TaskCmdlet cmdlet, string variable)
    {
        if (!int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number < 1)
        {
            cmdlet.Refuse($"-Sharded takes its part from the environment variable {variable}, which is not a number.", "Use it in a job with strategy: parallel, or give -Shard and -ShardCount.");
        }

        return number;
    }
}
