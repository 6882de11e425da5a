namespace LlmObs.Client.Http;

/// <summary>
/// The time limit of an exchange. If the length of an exchange is unknown, as for a file that is sent or received, it restarts
/// whenever enough bytes were transferred: a byte now and then would otherwise keep it waiting for ever.
/// </summary>
internal sealed class IdleTimeout : IDisposable
{
    /// <summary>The number of bytes that is enough; at a limit of 60 s, less than 300 a second are not.</summary>
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

    /// <summary>The exchange made progress: the time restarts.</summary>
    public void Restart()
    {
        _passed = 0;
        _ranOut.CancelAfter(_longest);
    }

    /// <summary>Some bytes were transferred. The time restarts with each <see cref="LeastProgress"/> of them.</summary>
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
