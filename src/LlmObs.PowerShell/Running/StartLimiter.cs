namespace LlmObs.PowerShell.Running;

/// <summary>Lets so many tasks begin in a minute, evenly spread.</summary>
internal sealed class StartLimiter(int perMinute, TimeProvider time)
{
    private readonly TimeSpan _interval = TimeSpan.FromMinutes(1) / perMinute;
    private readonly object _gate = new();
    private DateTimeOffset _next = DateTimeOffset.MinValue;

    /// <summary>Waits until a task may begin.</summary>
    public async Task WaitAsync(CancellationToken cancellation)
    {
        TimeSpan wait;
        lock (_gate)
        {
            DateTimeOffset now = time.GetUtcNow();
            DateTimeOffset begin = _next > now ? _next : now;
            _next = begin + _interval;
            wait = begin - now;
        }

        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, time, cancellation).ConfigureAwait(false);
        }
    }
}
