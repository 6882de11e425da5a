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

    /// <summary>Counts a request whose events were not accepted; their outcome is reported separately.</summary>
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

/// <summary>Facts about the service that the senders of one experiment share; safe from several threads.</summary>
internal sealed class DeliveryState
{
    private volatile LlmObsException? _deadEnd;
    private volatile bool _pointersHold;
    private volatile bool _pointersLie;

    /// <summary>The reason why further requests would fail like the last one; null if there is none.</summary>
    public LlmObsException? FatalFailure
    {
        get => _deadEnd;
        set => _deadEnd = value;
    }

    /// <summary>True if the pointers of a refusal proved to name the bad event.</summary>
    public bool PointersHold
    {
        get => _pointersHold;
        set => _pointersHold = value;
    }

    /// <summary>True if a pointer named an event that the service accepts.</summary>
    public bool PointersLie
    {
        get => _pointersLie;
        set => _pointersLie = value;
    }

    /// <summary>The budget for finding bad events.</summary>
    public BadEventSearchBudget Search { get; } = new();
}

/// <summary>Events of one or more requests that failed for one reason.</summary>
/// <param name="ExperimentId">Their experiment.</param>
/// <param name="First">The row of the first.</param>
/// <param name="Last">The row of the last.</param>
/// <param name="Json">The events, a JSON text each, as they can be sent again; none if a spool keeps them.</param>
public sealed record UndeliveredEvents(string ExperimentId, LlmObsException Failure, RowPlace First, RowPlace Last, IReadOnlyList<string> Json)
{
    /// <summary>
    /// True if the service refuses these events themselves: each was named by the answer, or all other events of its request
    /// were accepted without it, except for <see cref="SharedCount"/> of them.
    /// </summary>
    public bool IsCulprit { get; init; }

    /// <summary>The number of events; <see cref="Json"/> has none of those that a spool keeps.</summary>
    public int Count { get; init; } = Json.Count;

    /// <summary>The number of refused events that were refused together with others like them, and were not tried alone.</summary>
    public int SharedCount { get; init; }

    /// <summary>The number of events for which no request was made, because others had failed for the same reason.</summary>
    public int UntriedCount { get; init; }

    /// <summary>True if other events between the first and the last were accepted, or failed for another reason.</summary>
    public bool HasGaps { get; init; }

    /// <summary>The file of the spool that keeps them, or its folder if several do; null for none.</summary>
    public string? KeptIn { get; init; }

    /// <summary>The folder of the spool that keeps them; null for none.</summary>
    public string? SpoolPath { get; init; }
}
