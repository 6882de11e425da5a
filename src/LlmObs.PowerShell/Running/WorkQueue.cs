namespace LlmObs.PowerShell.Running;

/// <summary>
/// The work to do. It is filled no faster than it is emptied, so that a dataset of any size takes little memory; work that
/// is run again waits outside it, and holds no slot meanwhile.
/// </summary>
internal sealed class WorkQueue(int capacity, TimeProvider time) : IDisposable
{
    private readonly object _gate = new();
    private readonly Queue<WorkItem> _fresh = [];
    private readonly Queue<WorkItem> _again = [];
    private readonly HashSet<ITimer> _waits = [];
    private int _underWay; // taken and neither done nor dropped, waiting ones included
    private int _takers; // slots that wait for work
    private bool _isFilled;
    private bool _isClosed;

    /// <summary>Whether more waits to be taken than takers wait for it.</summary>
    public bool IsBehind
    {
        get
        {
            lock (_gate)
            {
                return _fresh.Count + _again.Count > _takers;
            }
        }
    }

    /// <summary>Adds work, waiting for room.</summary>
    /// <returns>False if no more is wanted.</returns>
    public bool TryAdd(WorkItem item)
    {
        lock (_gate)
        {
            while (_fresh.Count >= capacity && !_isClosed)
            {
                Monitor.Wait(_gate);
            }

            if (_isClosed)
            {
                return false;
            }

            _fresh.Enqueue(item);
            WakeTakers();
            return true;
        }
    }

    /// <summary>Says that no more is added.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _isFilled = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Hands out nothing more; running work may end.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            _underWay -= _again.Count + _waits.Count;
            _again.Clear();
            _fresh.Clear();
            DisposeWaits();
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Takes an item, or waits for one.</summary>
    /// <returns>False if there will be none any more.</returns>
    public bool TryTake(out WorkItem item)
    {
        lock (_gate)
        {
            while (!_isClosed)
            {
                if (_again.TryDequeue(out WorkItem? ready))
                {
                    item = ready; // it is under way already
                    return true;
                }

                if (_fresh.TryDequeue(out ready))
                {
                    _underWay++;
                    item = ready;
                    if (_fresh.Count == capacity / 2)
                    {
                        Monitor.PulseAll(_gate); // there is room for some more, not only for one
                    }

                    return true;
                }

                if (_isFilled && _underWay == 0)
                {
                    break;
                }

                _takers++;
                Monitor.Wait(_gate);
                _takers--;
            }

            item = null!;
            return false;
        }
    }

    /// <summary>An item that was taken is done.</summary>
    public void Done()
    {
        lock (_gate)
        {
            _underWay--;
            if (_isFilled && _underWay == 0)
            {
                Monitor.PulseAll(_gate);
            }
        }
    }

    /// <summary>An item that was taken is to be run again after a while.</summary>
    /// <returns>False if nothing is run any more.</returns>
    public bool TryPutBack(WorkItem item, TimeSpan delay)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return false;
            }

            ITimer? wait = null;
            wait = time.CreateTimer(_ => Return(item, wait), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _waits.Add(wait);
            wait.Change(delay, Timeout.InfiniteTimeSpan);
            return true;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isClosed = true;
            DisposeWaits();
            Monitor.PulseAll(_gate);
        }
    }

    private void Return(WorkItem item, ITimer? wait)
    {
        lock (_gate)
        {
            if (wait is not null && _waits.Remove(wait))
            {
                wait.Dispose();
                _again.Enqueue(item);
                WakeTakers();
            }
        }
    }

    // Threads that are woken for nothing cost more than a small task.
    private void WakeTakers()
    {
        if (_takers > 0)
        {
            Monitor.PulseAll(_gate);
        }
    }

    private void DisposeWaits()
    {
        foreach (ITimer wait in _waits)
        {
            wait.Dispose();
        }

        _waits.Clear();
    }
}
