namespace LlmObs.Client.Api;

/// <summary>
/// The word for <c>data.type</c> that the service accepts. The documentation has <c>events</c>; the recorded requests have
/// <c>experiments</c>, and according to one SDK's source, <c>events</c> is refused. So the documented word is tried first, the
/// other one after a refusal, and the first that is accepted is kept.
/// </summary>
#pragma warning disable CA1001 // A semaphore whose wait handle nobody asks for holds nothing.
internal sealed class DataTypeNegotiation
#pragma warning restore CA1001
{
    /// <summary>
    /// After so many events that were refused under both words, the events are the likelier fault: only each one of so many
    /// is still sent under the other word. It is more than finding the first bad event of a batch takes.
    /// </summary>
    private const int Patience = 16;

    public static readonly ReadOnlyMemory<byte> Documented = "events"u8.ToArray();
    public static readonly ReadOnlyMemory<byte> Recorded = "experiments"u8.ToArray();

    private readonly SemaphoreSlim _oneTrial = new(1);
    private volatile State _state;
    private int _refused; // while nothing was accepted

    private enum State
    {
        NothingAccepted,
        DocumentedAccepted,
        RecordedAccepted,
    }

    public ReadOnlyMemory<byte> Current => _state == State.RecordedAccepted ? Recorded : Documented;

    public void Accepted(ReadOnlyMemory<byte> type) =>
        _state = type.Equals(Recorded) ? State.RecordedAccepted : State.DocumentedAccepted;

    /// <summary>
    /// True if a refused request is worth sending with the other word. While one request finds out, others wait for it.
    /// </summary>
    public async Task<bool> TryOtherAsync(ReadOnlyMemory<byte> type, Func<Task<bool>> sendOther, CancellationToken cancellation)
    {
        if (!type.Equals(Documented) || _state == State.DocumentedAccepted)
        {
            return false;
        }

        await _oneTrial.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (_state == State.DocumentedAccepted)
            {
                return false;
            }

            int before = _refused++;
            if ((before >= Patience && before % Patience != 0) || !await sendOther().ConfigureAwait(false))
            {
                return false;
            }

            Accepted(Recorded);
            return true;
        }
        finally
        {
            _oneTrial.Release();
        }
    }
}
