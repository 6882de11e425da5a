namespace LlmObs.Client.Http;

/// <summary>
/// The time limit of an exchange. Where nobody knows beforehand how long it is, a file that goes out or comes in, it begins
/// anew whenever enough was sent or came: a byte now and then would keep it waiting for ever.
/// </summary>
internal sealed class Silence : IDisposable
{
    /// <summary>How many bytes are enough; at a limit of 60 s less than 300 a second are not.</summary>
    public const int LeastProgress = 16 * 1024;

    private readonly CancellationTokenSource ended;
    private readonly CancellationTokenSource ranOut;
    private readonly TimeSpan longest;
    private int passed;

    public Silence(TimeSpan longest, TimeProvider time, CancellationToken caller)
    {
        this.longest = longest;
        ranOut = new CancellationTokenSource(longest, time);
        ended = CancellationTokenSource.CreateLinkedTokenSource(ranOut.Token, caller);
    }

    /// <summary>Ends what waits, by the limit or by the caller.</summary>
    public CancellationToken Token => ended.Token;

    /// <summary>The exchange got on: the time begins anew.</summary>
    public void Break()
    {
        passed = 0;
        ranOut.CancelAfter(longest);
    }

    /// <summary>So many bytes were sent or came. The time begins anew with each <see cref="LeastProgress"/> of them.</summary>
    public void Passed(int bytes)
    {
        passed += bytes;
        if (passed >= LeastProgress)
        {
            Break();
        }
    }

    public void Dispose()
    {
        ended.Dispose();
        ranOut.Dispose();
    }
}
