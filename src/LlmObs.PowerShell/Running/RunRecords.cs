namespace LlmObs.PowerShell.Running;

/// <summary>The records that a run goes over.</summary>
/// <param name="Choice">Which of the dataset's records they are.</param>
/// <param name="Read">Reads them, anew for each iteration.</param>
internal sealed record RunRecords(RecordChoice Choice, Func<CancellationToken, IAsyncEnumerable<DatasetRecord>> Read)
{
    /// <summary>Records at hand. Which of them are run is settled here: a run that goes on later finds them in another order.</summary>
    public static RunRecords Of(IReadOnlyList<DatasetRecord> given, RecordChoice choice, AsyncPipelineBridge bridge)
    {
        DatasetRecord[] chosen = [.. bridge.Each((choice with { Part = null }).Of(ToAsync(given)))];
        var settled = new RecordChoice { Ids = [.. chosen.Select(record => record.Id)], Part = choice.Part };
        return new RunRecords(settled, _ => settled.Of(ToAsync(chosen)));
    }

    private static async IAsyncEnumerable<DatasetRecord> ToAsync(IEnumerable<DatasetRecord> records)
    {
        foreach (DatasetRecord record in records)
        {
            yield return record;
        }

        await Task.CompletedTask.ConfigureAwait(false);
    }
}
