namespace LlmObs.Client.Http;

/// <summary>
/// The time limit of an exchange. Where nobody knows beforehand how long it is, a file that goes out or comes in, it begins
/// anew whenever something was sent or came.
/// </summary>
internal sealed class Silence : IDisposable
{
    private readonly CancellationTokenSource ended;
    private readonly CancellationTokenSource ranOut;
    private readonly TimeSpan longest;

    public Silence(TimeSpan longest, TimeProvider time, CancellationToken caller)
    {
        this.longest = longest;
        ranOut = new CancellationTokenSource(longest, time);
        ended = CancellationTokenSource.CreateLinkedTokenSource(ranOut.Token, caller);
    }

    /// <summary>Ends what waits, by the limit or by the caller.</summary>
    public CancellationToken Token => ended.Token;

    /// <summary>Something was sent or came: the time begins anew.</summary>
    public void Break() => ranOut.CancelAfter(longest);

    public void Dispose()
    {
        ended.Dispose();
        ranOut.Dispose();
    }
}
