// Compiled by pwsh (Add-Type): a clock for the client, on which waits take no time.
using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace LlmObs.Testing
{
    /// <summary>
    /// A clock on which each wait is noted, counts as time that has passed, and is over at once. The time limit of an attempt is
    /// no wait: it runs out where <see cref="Pass"/> says that so much time went by while requests were under way.
    /// </summary>
    public sealed class WaitlessTime : TimeProvider
    {
        private readonly object gate = new object();
        private readonly TimeSpan limit;
        private readonly List<TimeSpan> waits = new List<TimeSpan>();
        private readonly List<WaitlessTimer> limits = new List<WaitlessTimer>();
        private TimeSpan skipped;
        private TimeSpan moment = TimeSpan.MaxValue;
        private Action atMoment;

        /// <param name="limitSec">The time limit of attempts, by which their timers are known.</param>
        public WaitlessTime(double limitSec) { limit = TimeSpan.FromSeconds(limitSec); }

        /// <summary>The waits so far, in seconds.</summary>
        public double[] Waits { get { lock (gate) { return waits.Select(wait => wait.TotalSeconds).ToArray(); } } }

        public override DateTimeOffset GetUtcNow() { lock (gate) { return base.GetUtcNow() + skipped; } }

        /// <summary>Does something once so much was waited, before the wait in which that happens is over.</summary>
        public void At(TimeSpan waited, Action action) { lock (gate) { moment = waited; atMoment = action; } }

        /// <summary>Time goes by for all requests that are under way; those whose limit is in it time out.</summary>
        public void Pass(TimeSpan time)
        {
            WaitlessTimer[] due;
            lock (gate)
            {
                skipped += time;
                foreach (WaitlessTimer timer in limits) { timer.Left -= time; }
                due = limits.Where(timer => timer.Left <= TimeSpan.Zero).ToArray();
                limits.RemoveAll(timer => timer.Left <= TimeSpan.Zero);
            }

            foreach (WaitlessTimer timer in due) { timer.Fire(); }
        }

        public override ITimer CreateTimer(TimerCallback callback, object state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new WaitlessTimer(this, callback, state);
            timer.Change(dueTime, period);
            return timer;
        }

        private void Schedule(WaitlessTimer timer, TimeSpan due)
        {
            Action action = null;
            lock (gate)
            {
                limits.Remove(timer);
                if (due == Timeout.InfiniteTimeSpan) { return; }
                if (due == limit)
                {
                    timer.Left = due;
                    limits.Add(timer);
                    return;
                }

                waits.Add(due);
                skipped += due;
                if (skipped >= moment)
                {
                    action = atMoment;
                    moment = TimeSpan.MaxValue;
                }
            }

            if (action != null) { action(); }
            ThreadPool.QueueUserWorkItem(_ => timer.Fire());
        }

        private void Forget(WaitlessTimer timer) { lock (gate) { limits.Remove(timer); } }

        private sealed class WaitlessTimer : ITimer
        {
            private readonly WaitlessTime time;
            private readonly TimerCallback callback;
            private readonly object state;
            private volatile bool disposed;

            public WaitlessTimer(WaitlessTime time, TimerCallback callback, object state)
            {
                this.time = time;
                this.callback = callback;
                this.state = state;
            }

            public TimeSpan Left { get; set; }

            public void Fire() { if (!disposed) { callback(state); } }

            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                time.Schedule(this, dueTime);
                return true;
            }

            public void Dispose()
            {
                disposed = true;
                time.Forget(this);
            }

            public System.Threading.Tasks.ValueTask DisposeAsync()
            {
                Dispose();
                return default(System.Threading.Tasks.ValueTask);
            }
        }
    }
}
