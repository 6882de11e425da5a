namespace LlmObs.Client.Sending;

/// <summary>Counts what becomes of the events of one experiment; safe from several threads.</summary>
internal sealed class SendCounters(TimeProvider time)
{
    private readonly Lock _gate = new();
    private long? _started;
    private TimeSpan _elapsed;
    private long _spans;
    private long _metrics;
    private long _requests;
    private long _retries;
    private long _bytes;
    private long _failed;

    public void Start()
    {
        _started ??= time.GetTimestamp();
    }

    public void Accepted(EventBody body)
    {
        lock (_gate)
        {
            _requests++;
            _spans += body.SpanCount;
            _metrics += body.MetricCount;
            _bytes += body.Length;
            Touch();
        }
    }

    /// <summary>A request that did not bring its events there; what becomes of them is told on its own.</summary>
    public void Answered()
    {
        lock (_gate)
        {
            _requests++;
            Touch();
        }
    }

    public void Retried()
    {
        lock (_gate)
        {
            _retries++;
        }
    }

    public void Failed(long events)
    {
        lock (_gate)
        {
            _failed += events;
            Touch();
        }
    }

    public SendResult ToResult(string experimentId)
    {
        lock (_gate)
        {
            return new SendResult
            {
                ExperimentId = experimentId,
                SpanCount = _spans,
                MetricCount = _metrics,
                RequestCount = _requests,
                RetryCount = _retries,
                ByteCount = _bytes,
                FailedCount = _failed,
                Elapsed = _elapsed,
            };
        }
    }

    private void Touch() => _elapsed = _started is long start ? time.GetElapsedTime(start) : TimeSpan.Zero;
}
