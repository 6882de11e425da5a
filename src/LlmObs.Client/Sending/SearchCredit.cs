namespace LlmObs.Client.Sending;

/// <summary>
/// How many requests may still be spent on finding bad events in refused batches. A refused one costs one, an accepted one
/// earns what it got through: a search goes on for as long as it pays, and a file of which nothing is acceptable is not sent event by event.
/// </summary>
internal sealed class SearchCredit
{
    private const int Most = 256;

    private int left = Most;

    public bool IsLeft => Volatile.Read(ref left) > 0;

    public void Spend() => Interlocked.Decrement(ref left);

    public void Earn(int events)
    {
        int present;
        do
        {
            present = Volatile.Read(ref left);
        }
        while (Interlocked.CompareExchange(ref left, Math.Min(Most, present + events), present) != present);
    }
}
