namespace LlmObs.Client.Http;

/// <summary>
/// The time limit of an exchange. Where nobody knows beforehand how long it is, a file that goes out or comes in, it begins
/// anew whenever enough was sent or came: a byte now and then would keep it waiting for ever.
/// </summary>
internal sealed class IdleTimeout : IDisposable
{
    /// <summary>How many bytes are enough; at a limit of 60 s less than 300 a second are not.</summary>
    public const int LeastProgress = 16 * 1024;

    private readonly CancellationTokenSource _ended;
    private readonly CancellationTokenSource _ranOut;
    private readonly TimeSpan _longest;
    private int _passed;

    public IdleTimeout(TimeSpan longest, TimeProvider time, CancellationToken caller)
    {
        _longest = longest;
        _ranOut = new CancellationTokenSource(longest, time);
        _ended = CancellationTokenSource.CreateLinkedTokenSource(_ranOut.Token, caller);
    }

    /// <summary>Ends what waits, by the limit or by the caller.</summary>
    public CancellationToken Token => _ended.Token;

    /// <summary>The exchange got on: the time begins anew.</summary>
    public void Restart()
    {
        _passed = 0;
        _ranOut.CancelAfter(_longest);
    }

    /// <summary>So many bytes were sent or came. The time begins anew with each <see cref="LeastProgress"/> of them.</summary>
    public void Passed(int bytes)
    {
        _passed += bytes;
        if (_passed >= LeastProgress)
        {
            Restart();
        }
    }

    public void Dispose()
    {
        _ended.Dispose();
        _ranOut.Dispose();
    }
}
