namespace LlmObs.Client.Sending;

/// <summary>Counts what becomes of the events of one experiment; safe from several threads.</summary>
internal sealed class EventTally(TimeProvider time)
{
    private readonly Lock gate = new();
    private long? started;
    private TimeSpan elapsed;
    private long spans;
    private long metrics;
    private long requests;
    private long retries;
    private long bytes;
    private long failed;

    public void Start()
    {
        started ??= time.GetTimestamp();
    }

    public void Accepted(EventBody body)
    {
        lock (gate)
        {
            requests++;
            spans += body.SpanCount;
            metrics += body.MetricCount;
            bytes += body.Length;
            Touch();
        }
    }

    /// <summary>A request that did not bring its events there; what becomes of them is told on its own.</summary>
    public void Answered()
    {
        lock (gate)
        {
            requests++;
            Touch();
        }
    }

    public void Retried()
    {
        lock (gate)
        {
            retries++;
        }
    }

    public void Failed(int events)
    {
        lock (gate)
        {
            failed += events;
            Touch();
        }
    }

    public SendResult ToResult(string experimentId)
    {
        lock (gate)
        {
            return new SendResult
            {
                ExperimentId = experimentId,
                SpanCount = spans,
                MetricCount = metrics,
                RequestCount = requests,
                RetryCount = retries,
                ByteCount = bytes,
                FailedCount = failed,
                Elapsed = elapsed,
            };
        }
    }

    private void Touch() => elapsed = started is long start ? time.GetElapsedTime(start) : TimeSpan.Zero;
}
