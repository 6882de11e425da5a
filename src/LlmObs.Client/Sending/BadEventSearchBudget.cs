namespace LlmObs.Client.Sending;

/// <summary>
/// How many requests, and bytes, may still be spent on finding what the service does not take of a batch. A refused one
/// costs its own, an accepted one earns what it got through: a search goes on for as long as it pays, and a file of which
/// nothing is acceptable is not sent event by event.
/// </summary>
internal sealed class BadEventSearchBudget
{
    /// <summary>The most bytes.</summary>
    public const long MostBytes = 256L * 1024 * 1024;

    private const int Most = 256;
    private const int EarnedBytes = 16; // a byte; a bad event among many good ones costs a few times their size

    private readonly Lock _gate = new();
    private int _left = Most;
    private long _bytesLeft = MostBytes;

    public bool IsLeft
    {
        get
        {
            lock (_gate)
            {
                return _left > 0 && _bytesLeft > 0;
            }
        }
    }

    public void Spend(long bytes)
    {
        lock (_gate)
        {
            _left--;
            _bytesLeft -= bytes;
        }
    }

    public void Earn(int events, long bytes)
    {
        lock (_gate)
        {
            _left = Math.Min(Most, _left + events);
            _bytesLeft = Math.Min(MostBytes, _bytesLeft + (EarnedBytes * bytes));
        }
    }
}
