namespace LlmObs.Client.Sending.Spool;

/// <summary>The file of one request. It holds the events that are not settled: neither accepted nor refused for good.</summary>
internal sealed class SpoolEntry(SpoolRun run, string path, EventBatch batch, SpooledHeader header)
{
    private readonly bool[] _settled = new bool[batch.Count];
    private int _open = batch.Count;
    private int _attempts = header.Attempts;

    public string Path => path;

    /// <summary>The number of its events that are neither accepted nor refused for good.</summary>
    public int OpenCount => _open;

    /// <summary>Events were accepted or refused: they are not to be sent again, also not after the end of this process.</summary>
    /// <exception cref="SpoolException">The file could not be changed; it still holds them.</exception>
    public void Settle(BatchSlice events)
    {
        for (int position = 0; position < events.Count; position++)
        {
            _settled[events[position]] = true;
        }

        _open -= events.Count;
        if (_open == 0)
        {
            run.Delete(path);
        }
        else
        {
            Rewrite(null);
        }
    }

    /// <summary>Events did not get there, and may another time.</summary>
    /// <exception cref="SpoolException">The file could not be changed; it holds them anyhow.</exception>
    public void Keep(LlmObsException failure)
    {
        _attempts++;
        Rewrite(failure);
    }

    /// <summary>Writes the file with all events.</summary>
    /// <exception cref="SpoolException">It could not be written; there is none.</exception>
    public void Write() => run.Write(path, BatchSlice.AllOf(batch), header, failure: null);

    private void Rewrite(LlmObsException? failure)
    {
        int[] left = [.. Enumerable.Range(0, _settled.Length).Where(index => !_settled[index])];
        run.Write(path, BatchSlice.Of(batch, left), header with { Attempts = _attempts }, failure);
    }
}
