namespace LlmObs.Client.Sending;

/// <summary>
/// How many requests, and bytes, may still be spent on finding what the service does not take of a batch. A refused one
/// costs its own, an accepted one earns what it got through: a search goes on for as long as it pays, and a file of which
/// nothing is acceptable is not sent event by event.
/// </summary>
internal sealed class SearchCredit
{
    /// <summary>The most bytes.</summary>
    public const long MostBytes = 256L * 1024 * 1024;

    private const int Most = 256;
    private const int EarnedBytes = 16; // a byte; a bad event among many good ones costs a few times their size

    private readonly Lock gate = new();
    private int left = Most;
    private long bytesLeft = MostBytes;

    public bool IsLeft
    {
        get
        {
            lock (gate)
            {
                return left > 0 && bytesLeft > 0;
            }
        }
    }

    public void Spend(long bytes)
    {
        lock (gate)
        {
            left--;
            bytesLeft -= bytes;
        }
    }

    public void Earn(int events, long bytes)
    {
        lock (gate)
        {
            left = Math.Min(Most, left + events);
            bytesLeft = Math.Min(MostBytes, bytesLeft + (EarnedBytes * bytes));
        }
    }
}
