namespace LlmObs.Client.Tests;

/// <summary>
/// A clock that stands still but for waits: each wait is noted, moves the clock on and is over at once. The time limit of an
/// attempt (a timer of <see cref="Limit"/>) runs out only when the test says so.
/// </summary>
internal sealed class ImpatientTime : TimeProvider
{
    public static readonly TimeSpan Limit = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly List<TimeSpan> _waits = [];
    private readonly List<Timer> _limits = [];
    private DateTimeOffset _now = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    /// <summary>How often a time limit began.</summary>
    public int LimitsSet { get; private set; }

    /// <summary>Is called instead of ending a wait.</summary>
    public Action? OnWait { get; init; }

    public IReadOnlyList<TimeSpan> Waits
    {
        get
        {
            lock (_gate)
            {
                return [.. _waits];
            }
        }
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _now;
        }
    }

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public void Advance(TimeSpan time)
    {
        lock (_gate)
        {
            _now += time;
        }
    }

    /// <summary>Lets the time limits of all attempts under way run out.</summary>
    public void ExpireLimits()
    {
        Timer[] due;
        lock (_gate)
        {
            due = [.. _limits];
            _limits.Clear();
        }

        foreach (Timer timer in due)
        {
            timer.Fire();
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private void Schedule(Timer timer, TimeSpan due)
    {
        lock (_gate)
        {
            if (due == Timeout.InfiniteTimeSpan)
            {
                return;
            }

            if (due == Limit)
            {
                LimitsSet++;
                _limits.Add(timer);
                return;
            }

            _waits.Add(due);
            _now += due;
        }

        ThreadPool.QueueUserWorkItem(_ => (OnWait ?? timer.Fire)());
    }

    private sealed class Timer(ImpatientTime time, TimerCallback callback, object? state) : ITimer
    {
        private volatile bool _disposed;

        public void Fire()
        {
            if (!_disposed)
            {
                callback(state);
            }
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            time.Schedule(this, dueTime);
            return true;
        }

        public void Dispose() => _disposed = true;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
