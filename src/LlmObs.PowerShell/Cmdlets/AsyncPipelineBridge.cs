using System.Collections.Concurrent;
using System.Management.Automation;

#pragma warning disable RS0030 // This is the one place that waits.

namespace LlmObs.PowerShell.Cmdlets;

/// <summary>
/// The one bridge between asynchronous work and a cmdlet. Work runs on the thread pool; its messages are posted and
/// written on the pipeline thread, the only one that may call Write*. On that thread, this is the only place that waits for a task.
/// </summary>
internal sealed class AsyncPipelineBridge(LlmObsCmdlet cmdlet) : IDisposable
{
    private readonly BlockingCollection<Action<LlmObsCmdlet>> _messages = [];
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Set by Ctrl+C, by a downstream that has enough, and by the cmdlet's end.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Called by PowerShell from another thread on Ctrl+C.</summary>
    public void Stop()
    {
        WasStopped = true;
        _stopping.Cancel();
    }

    /// <summary>True if the end came by Ctrl+C.</summary>
    public bool WasStopped { get; private set; }

    /// <summary>True if anybody sees lines of -Verbose.</summary>
    public bool ShowsVerbose => cmdlet.ShowsVerbose;

    /// <summary>True if anybody sees lines of -Debug.</summary>
    public bool ShowsDebug => cmdlet.ShowsDebug;

    /// <summary>Queues a message; it is written when the pipeline thread next drains the queue.</summary>
    public void Post(Action<LlmObsCmdlet> message)
    {
        if (!_messages.IsAddingCompleted)
        {
            _messages.Add(message);
        }
    }

    /// <summary>Writes the posted messages, without waiting for more.</summary>
    public void Drain()
    {
        // Asked for every row: to take from an empty collection costs a lock, to see that it is empty costs nothing.
        while (_messages.Count > 0 && _messages.TryTake(out Action<LlmObsCmdlet>? message))
        {
            message(cmdlet);
        }
    }

    /// <summary>Runs work to its end, and writes the messages that it posts.</summary>
    /// <exception cref="PipelineStoppedException">The pipeline was stopped.</exception>
    public T Await<T>(Func<CancellationToken, Task<T>> work)
    {
        Task<T> task = Task.Run(() => work(Stopping), CancellationToken.None);
        _ = task.ContinueWith(_ => Post(static _ => { }), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        try
        {
            while (!task.IsCompleted)
            {
                _messages.Take()(cmdlet);
            }

            Drain();
            return task.GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (Stopping.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
        finally
        {
            // Select-Object -First does not call StopProcessing: its exception comes out of a Write* above.
            if (!task.IsCompleted)
            {
                _stopping.Cancel();
                ((IAsyncResult)task).AsyncWaitHandle.WaitOne();
            }
        }
    }

    /// <summary>Runs work to its end, and writes the messages that it posts.</summary>
    /// <exception cref="PipelineStoppedException">The pipeline was stopped.</exception>
    public void Await(Func<CancellationToken, Task> work) => Await<object?>(async token =>
    {
        await work(token).ConfigureAwait(false);
        return null;
    });

    /// <summary>
    /// Does something that a disk may hold up without end, a share that stalls: on another thread, so that Ctrl+C ends the waiting.
    /// </summary>
    /// <exception cref="PipelineStoppedException">The pipeline was stopped; the work ends when the disk does.</exception>
    public T AwaitAway<T>(Func<T> work) => Await(token => Task.Run(work, CancellationToken.None).WaitAsync(token));

    /// <summary>Waits for work that a disk may delay forever.</summary>
    /// <exception cref="PipelineStoppedException">The pipeline was stopped; the work ends when the disk does.</exception>
    public void AwaitAway(Action work) => Await(token => Task.Run(work, CancellationToken.None).WaitAsync(token));

    /// <summary>Reads what comes asynchronously: one at a time, and only when the one before it was used up.</summary>
    /// <exception cref="PipelineStoppedException">The pipeline was stopped.</exception>
    public IEnumerable<T> Each<T>(IAsyncEnumerable<T> source)
    {
        IAsyncEnumerator<T> items = source.GetAsyncEnumerator(Stopping);
        try
        {
            while (Await(_ => items.MoveNextAsync().AsTask()))
            {
                yield return items.Current;
            }
        }
        finally
        {
            // Nothing is under way any more: Await ends all other work.
            Task.Run(() => items.DisposeAsync().AsTask()).GetAwaiter().GetResult();
        }
    }

    /// <summary>Does the last work of a stopped pipeline; nothing is written any more.</summary>
    /// <param name="limit">The longest time that it may take.</param>
    /// <returns>True if it came to its end.</returns>
    public static bool TryFinish(Func<CancellationToken, Task> work, TimeSpan limit)
    {
        using var ending = new CancellationTokenSource(limit);
        try
        {
            Task.Run(() => work(ending.Token)).WaitAsync(limit).GetAwaiter().GetResult();
            return true;
        }
        catch (Exception e) when (e is OperationCanceledException or TimeoutException or LlmObsException)
        {
            return false;
        }
    }

    /// <summary>Disposes an object after the cmdlet is gone; nothing is written any more.</summary>
    public void Abandon(IAsyncDisposable left)
    {
        _stopping.Cancel();
        _messages.CompleteAdding();
        Task.Run(async () => await left.DisposeAsync().ConfigureAwait(false)).GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _messages.CompleteAdding();
    }
}
