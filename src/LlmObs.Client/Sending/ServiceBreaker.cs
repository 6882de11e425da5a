namespace LlmObs.Client.Sending;

/// <summary>
/// Ends the asking of a service that is not there. One that was never heard of is given up once the way to it, or two
/// batches one after the other, have used up their retries. One that was there gets pauses with a single trial after each.
/// Polly's breaker fails what comes while it is open and never gives up; here what comes waits for its turn.
/// </summary>
#pragma warning disable CA1001 // A semaphore whose wait handle nobody asks for holds nothing.
internal sealed class ServiceBreaker(TimeProvider time, IEventObserver observer, CancellationToken stopping)
#pragma warning restore CA1001
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestOutage = TimeSpan.FromMinutes(3);

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _oneTrial = new(1);
    private bool _wasHeard;
    private int _failures; // one after the other
    private long? _opened;
    private LlmObsException? _givenUp;

    /// <summary>Sends, if the service is or may be there.</summary>
    /// <returns>Null if it was accepted; else why not. Without a trial: why the service was given up.</returns>
    public async Task<LlmObsException?> RunAsync(Func<Task<LlmObsException?>> send)
    {
        while (IsOpen())
        {
            await _oneTrial.WaitAsync(stopping).ConfigureAwait(false);
            try
            {
                if (GivenUp() is LlmObsException known)
                {
                    return known;
                }

                if (IsOpen())
                {
                    await Task.Delay(Pause, time, stopping).ConfigureAwait(false);
                    return await TryAsync(send).ConfigureAwait(false);
                }
            }
            finally
            {
                _oneTrial.Release();
            }
        }

        return await TryAsync(send).ConfigureAwait(false);
    }

    /// <summary>The number of batches that have to fail for a reason; 0 if it shows that the service is there. The content of a batch may make a gateway fail.</summary>
    private static int Needed(FailureKind kind) => kind switch
    {
        FailureKind.ConnectionRefused or FailureKind.NameNotResolved or FailureKind.TlsFailed or FailureKind.ProxyFailed or FailureKind.Timeout => 1,
        FailureKind.ServerError or FailureKind.ConnectionLost or FailureKind.RateLimited or FailureKind.Redirected or FailureKind.UnexpectedStatus => 2,
        _ => 0,
    };

    private async Task<LlmObsException?> TryAsync(Func<Task<LlmObsException?>> send)
    {
        int before = FailuresSoFar();
        LlmObsException? failure = await send().ConfigureAwait(false);
        if (Note(failure, before))
        {
            observer.OnTrouble(WarningTexts.Paused(failure!, Pause, LongestOutage));
        }

        return failure;
    }

    /// <returns>True if a new pause begins.</returns>
    private bool Note(LlmObsException? failure, int before)
    {
        int needed = failure is null ? 0 : Needed(failure.Kind);
        lock (_gate)
        {
            if (needed == 0)
            {
                _wasHeard = true;
                _failures = 0;
                _opened = null;
                _givenUp = null; // a request that was under way meanwhile
                return false;
            }

            // Requests that were under way together failed together: they are one sign, not several.
            if (needed > 1 && before != _failures)
            {
                return false;
            }

            _failures++;
            if (_failures < needed || _givenUp is not null)
            {
                return false;
            }

            if (!_wasHeard || (_opened is long start && time.GetElapsedTime(start) >= LongestOutage))
            {
                _givenUp = failure;
                _opened ??= time.GetTimestamp();
                return false;
            }

            bool begins = _opened is null;
            _opened ??= time.GetTimestamp();
            return begins;
        }
    }

    private bool IsOpen()
    {
        lock (_gate)
        {
            return _opened is not null;
        }
    }

    private LlmObsException? GivenUp()
    {
        lock (_gate)
        {
            return _givenUp;
        }
    }

    private int FailuresSoFar()
    {
        lock (_gate)
        {
            return _failures;
        }
    }
}
