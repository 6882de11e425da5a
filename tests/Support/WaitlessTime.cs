#nullable enable
using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace LlmObs.Testing;

/// <summary>
/// A clock on which each wait is noted, counts as time that has passed, and is over at once. The time limit of an attempt is no
/// wait: it is known by its length, and runs out by <see cref="Pass"/> or <see cref="ExpireLimits"/>.
/// </summary>
public sealed class WaitlessTime : TimeProvider
{
    public static readonly TimeSpan Limit = TimeSpan.FromHours(1);

    private readonly object _gate = new();
    private readonly TimeSpan _limit;
    private readonly DateTimeOffset? _start;
    private readonly List<TimeSpan> _waits = [];
    private readonly List<WaitlessTimer> _limits = [];
    private TimeSpan _skipped;
    private TimeSpan _moment = TimeSpan.MaxValue;
    private Action? _atMoment;

    /// <summary>A clock that moves only for waits, with <see cref="Limit"/> as the limit of attempts.</summary>
    public WaitlessTime()
    {
        _limit = Limit;
        _start = new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);
    }

    /// <summary>A clock that goes on.</summary>
    /// <param name="limitSec">The time limit of attempts, by which their timers are known.</param>
    public WaitlessTime(double limitSec) => _limit = TimeSpan.FromSeconds(limitSec);

    /// <summary>The number of time limits that were started.</summary>
    public int LimitsSet { get; private set; }

    /// <summary>From this length on, waits are not over at once, but by <see cref="Pass"/> or <see cref="ExpireLimits"/>, as time limits are.</summary>
    public TimeSpan HeldFrom { get; set; } = TimeSpan.MaxValue;

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

    /// <summary>The waits so far, in seconds.</summary>
    public double[] WaitsSec => [.. Waits.Select(wait => wait.TotalSeconds)];

    public override long TimestampFrequency => _start is null ? base.TimestampFrequency : TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _start is null ? base.GetTimestamp() : GetUtcNow().Ticks;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return (_start ?? base.GetUtcNow()) + _skipped;
        }
    }

    public void Advance(TimeSpan time)
    {
        lock (_gate)
        {
            _skipped += time;
        }
    }

    /// <summary>Runs an action after a total wait, before the wait that reaches it is over.</summary>
    public void At(TimeSpan waited, Action action)
    {
        lock (_gate)
        {
            _moment = waited;
            _atMoment = action;
        }
    }

    /// <summary>Time goes by for all requests that are under way; those whose limit is in it time out.</summary>
    public void Pass(TimeSpan time)
    {
        lock (_gate)
        {
            _skipped += time;
            foreach (WaitlessTimer timer in _limits)
            {
                timer.Left -= time;
            }
        }

        Expire(timer => timer.Left <= TimeSpan.Zero);
    }

    /// <summary>Lets the time limits of all attempts under way run out.</summary>
    public void ExpireLimits() => Expire(_ => true);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new WaitlessTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private void Expire(Func<WaitlessTimer, bool> isDue)
    {
        WaitlessTimer[] due;
        lock (_gate)
        {
            due = [.. _limits.Where(isDue)];
            _limits.RemoveAll(timer => due.Contains(timer));
        }

        foreach (WaitlessTimer timer in due)
        {
            timer.Fire();
        }
    }

    private void Schedule(WaitlessTimer timer, TimeSpan due)
    {
        Action? action = null;
        lock (_gate)
        {
            _limits.Remove(timer);
            if (due == Timeout.InfiniteTimeSpan)
            {
                return;
            }

            if (due == _limit || due >= HeldFrom)
            {
                LimitsSet += due == _limit ? 1 : 0;
                timer.Left = due;
                _limits.Add(timer);
                return;
            }

            _waits.Add(due);
            _skipped += due;
            if (_skipped >= _moment)
            {
                action = _atMoment;
                _moment = TimeSpan.MaxValue;
            }
        }

        action?.Invoke();
        ThreadPool.QueueUserWorkItem(_ => (OnWait ?? timer.Fire)());
    }

    private void Forget(WaitlessTimer timer)
    {
        lock (_gate)
        {
            _limits.Remove(timer);
        }
    }

    private sealed class WaitlessTimer(WaitlessTime time, TimerCallback callback, object? state) : ITimer
    {
        private volatile bool _disposed;

        public TimeSpan Left { get; set; }

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

        public void Dispose()
        {
            _disposed = true;
            time.Forget(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
