namespace LlmObs.PowerShell.Running;

/// <summary>
/// What is to be run. It is filled no faster than it is emptied, so that a dataset of any size takes little memory; what is
/// run again waits beside it, and holds no slot meanwhile.
/// </summary>
internal sealed class WorkQueue(int capacity, TimeProvider time) : IDisposable
{
    private readonly object gate = new();
    private readonly Queue<WorkItem> fresh = [];
    private readonly Queue<WorkItem> again = [];
    private readonly HashSet<ITimer> waits = [];
    private int underWay; // taken and neither done nor dropped, waiting ones included
    private bool isFilled;
    private bool isClosed;

    /// <summary>Adds work, waiting for room.</summary>
    /// <returns>False if no more is wanted.</returns>
    public bool TryAdd(WorkItem item)
    {
        lock (gate)
        {
            while (fresh.Count >= capacity && !isClosed)
            {
                Monitor.Wait(gate);
            }

            if (isClosed)
            {
                return false;
            }

            fresh.Enqueue(item);
            Monitor.PulseAll(gate);
            return true;
        }
    }

    /// <summary>Says that no more is added.</summary>
    public void Complete()
    {
        lock (gate)
        {
            isFilled = true;
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>Hands out nothing more; what is under way may end.</summary>
    public void Close()
    {
        lock (gate)
        {
            isClosed = true;
            underWay -= again.Count + waits.Count;
            again.Clear();
            fresh.Clear();
            DisposeWaits();
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>Takes work, waiting for some.</summary>
    /// <returns>False if there will be none any more.</returns>
    public bool TryTake(out WorkItem item)
    {
        lock (gate)
        {
            while (!isClosed)
            {
                if (again.TryDequeue(out WorkItem? ready))
                {
                    item = ready; // it is under way already
                    return true;
                }

                if (fresh.TryDequeue(out ready))
                {
                    underWay++;
                    item = ready;
                    Monitor.PulseAll(gate);
                    return true;
                }

                if (isFilled && underWay == 0)
                {
                    break;
                }

                Monitor.Wait(gate);
            }

            item = null!;
            return false;
        }
    }

    /// <summary>An item that was taken is done.</summary>
    public void Done()
    {
        lock (gate)
        {
            underWay--;
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>An item that was taken is to be run again after a while.</summary>
    /// <returns>False if nothing is run any more.</returns>
    public bool TryPutBack(WorkItem item, TimeSpan delay)
    {
        lock (gate)
        {
            if (isClosed)
            {
                return false;
            }

            ITimer? wait = null;
            wait = time.CreateTimer(_ => Return(item, wait), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            waits.Add(wait);
            wait.Change(delay, Timeout.InfiniteTimeSpan);
            return true;
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            isClosed = true;
            DisposeWaits();
            Monitor.PulseAll(gate);
        }
    }

    private void Return(WorkItem item, ITimer? wait)
    {
        lock (gate)
        {
            if (wait is not null && waits.Remove(wait))
            {
                wait.Dispose();
                again.Enqueue(item);
                Monitor.PulseAll(gate);
            }
        }
    }

    private void DisposeWaits()
    {
        foreach (ITimer wait in waits)
        {
            wait.Dispose();
        }

        waits.Clear();
    }
}
