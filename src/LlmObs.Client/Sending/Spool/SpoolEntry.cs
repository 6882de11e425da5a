namespace LlmObs.Client.Sending.Spool;

/// <summary>The file of one request. It holds the events that are not settled: neither accepted nor refused for good.</summary>
internal sealed class SpoolEntry(SpoolRun run, string path, EventBatch batch, SpooledHeader header)
{
    private readonly bool[] settled = new bool[batch.Count];
    private int open = batch.Count;
    private int attempts = header.Attempts;

    public string Path => path;

    /// <summary>What to do with the file where it could not be changed.</summary>
    public string Advice => open == 0
        ? "All of its events were answered; remove the file, or they are sent again by the next Resume-LlmObsEvent."
        : open == batch.Count
        ? "None of its events was answered; leave the file where it is, and the next Resume-LlmObsEvent sends them."
        : System.FormattableString.Invariant(
            $"{batch.Count - open} of the {batch.Count} events that it was made of were answered, and the others were not; leave the file where it is: the next Resume-LlmObsEvent sends what it holds, of the answered ones perhaps some once more.");

    /// <summary>Events were accepted or refused: they are not to be sent again, also not after the end of this process.</summary>
    /// <exception cref="SpoolException">The file could not be changed; it still holds them.</exception>
    public void Settle(EventSelection events)
    {
        for (int position = 0; position < events.Count; position++)
        {
            settled[events[position]] = true;
        }

        open -= events.Count;
        if (open == 0)
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
        attempts++;
        Rewrite(failure);
    }

    /// <summary>Writes the file with all events.</summary>
    /// <exception cref="SpoolException">It could not be written; there is none.</exception>
    public void Write() => run.Write(path, EventSelection.AllOf(batch), header, failure: null);

    private void Rewrite(LlmObsException? failure)
    {
        int[] left = [.. Enumerable.Range(0, settled.Length).Where(index => !settled[index])];
        run.Write(path, EventSelection.Of(batch, left), header with { Attempts = attempts }, failure);
    }
}
