namespace LlmObs.Client.Tests;

/// <summary>
/// A clock that stands still but for waits: each wait is noted, moves the clock on and is over at once. The time limit of an
/// attempt (a timer of <see cref="Limit"/>) runs out only when the test says so.
/// </summary>
internal sealed class ImpatientTime : TimeProvider
{
    public static readonly TimeSpan Limit = TimeSpan.FromHours(1);

    private readonly Lock gate = new();
    private readonly List<TimeSpan> waits = [];
    private readonly List<Timer> limits = [];
    private DateTimeOffset now = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    /// <summary>How often a time limit began.</summary>
    public int LimitsSet { get; private set; }

    /// <summary>Is called instead of ending a wait.</summary>
    public Action? OnWait { get; init; }

    public IReadOnlyList<TimeSpan> Waits
    {
        get
        {
            lock (gate)
            {
                return [.. waits];
            }
        }
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
        {
            return now;
        }
    }

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public void Advance(TimeSpan time)
    {
        lock (gate)
        {
            now += time;
        }
    }

    /// <summary>Lets the time limits of all attempts under way run out.</summary>
    public void ExpireLimits()
    {
        Timer[] due;
        lock (gate)
        {
            due = [.. limits];
            limits.Clear();
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
        lock (gate)
        {
            if (due == Timeout.InfiniteTimeSpan)
            {
                return;
            }

            if (due == Limit)
            {
                LimitsSet++;
                limits.Add(timer);
                return;
            }

            waits.Add(due);
            now += due;
        }

        ThreadPool.QueueUserWorkItem(_ => (OnWait ?? timer.Fire)());
    }

    private sealed class Timer(ImpatientTime time, TimerCallback callback, object? state) : ITimer
    {
        private volatile bool disposed;

        public void Fire()
        {
            if (!disposed)
            {
                callback(state);
            }
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            time.Schedule(this, dueTime);
            return true;
        }

        public void Dispose() => disposed = true;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
