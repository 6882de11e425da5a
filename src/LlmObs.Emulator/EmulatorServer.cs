using System.Globalization;
using System.Net;
using LlmObs.Emulator.Faults;
using LlmObs.Emulator.Http;
using LlmObs.Emulator.Journal;
using LlmObs.Emulator.Routes;
using LlmObs.Emulator.Store;

namespace LlmObs.Emulator;

/// <summary>
/// A local stand-in for the LLM Observability API, reachable from this machine only. It takes any keys or none, and keeps
/// none.
/// </summary>
public sealed class EmulatorServer : IAsyncDisposable
{
    private readonly HttpListener _listener;
    private readonly JournalFile? _journal;
    private readonly RequestLog _log;
    private readonly RequestPipeline _pipeline;
    private readonly TransportLimits _limits;
    private readonly CancellationTokenSource _stopSource = new();
    private readonly CancellationToken _stop;
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _accepting;
    private int _running = 1;
    private int _disposed;

    private EmulatorServer(EmulatorOptions options, TransportLimits limits, FaultScript faults, JournalFile? journal, EmulatorStore store)
    {
        _stop = _stopSource.Token;
        _limits = limits;
        _journal = journal;
        _log = new RequestLog(limits);
        Store = store;
        (_listener, Port) = LoopbackListener.Open(options.Port);
        BaseUri = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}/"));

        var writer = new StoreWriter(store, journal, options.Time);
        var router = new Router(
        [
            new CreateExperimentRoute(writer),
            new UpdateExperimentRoute(writer, store, options.PatchBody),
            new PushEventsRoute(writer, store, options),
            new AggregateRoute(store),
        ]);
        _pipeline = new RequestPipeline(router, faults, _log, new RequestBodyReader(limits), options.Time);
        _accepting = Task.Run(AcceptAsync);
    }

    /// <summary>The address to use as base address, <c>http://127.0.0.1:&lt;port&gt;/</c>.</summary>
    public Uri BaseUri { get; }

    /// <summary>The port on the loopback interface.</summary>
    public int Port { get; }

    /// <summary>The requests answered or dropped so far.</summary>
    public long RequestCount => _log.Count;

    /// <summary>What it holds.</summary>
    public EmulatorStore Store { get; }

    /// <summary>The last requests, oldest first: at most 2,000, and at most 64 MiB of bodies.</summary>
    public IReadOnlyList<RecordedRequest> Requests => _log.Snapshot();

    /// <summary>Starts an emulator; where it has a folder, with everything that its journal holds.</summary>
    /// <param name="options">How.</param>
    /// <returns>The emulator, ready for requests.</returns>
    /// <exception cref="EmulatorException">It can't be started; the message says why.</exception>
    public static EmulatorServer Start(EmulatorOptions options) => Start(options, TransportLimits.Default);

    internal static EmulatorServer Start(EmulatorOptions options, TransportLimits limits)
    {
        ArgumentNullException.ThrowIfNull(options);
        var faults = new FaultScript(options.Faults, options.Seed);
        var store = new EmulatorStore();
        JournalFile? journal = options.DataPath is null ? null : JournalFile.Open(options.DataPath, store);
        try
        {
            return new EmulatorServer(options, limits, faults, journal, store);
        }
        catch (EmulatorException)
        {
            journal?.Dispose();
            throw;
        }
    }

    /// <summary>Stops: takes no more requests, waits up to five seconds for running answers, closes the journal.</summary>
    /// <returns>When it has stopped.</returns>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _stopSource.CancelAsync().ConfigureAwait(false);
        Leave();
        await Task.WhenAny(_idle.Task, Task.Delay(_limits.StopTimeout)).ConfigureAwait(false);
        _listener.Close();
        await _accepting.ConfigureAwait(false);
        _journal?.Dispose();
        _stopSource.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync().ConfigureAwait(false);
            }
            catch (Exception failure) when (failure is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                if (!_listener.IsListening)
                {
                    return;
                }

                continue;
            }

            if (TryEnter())
            {
                // On its own, so that one request's work never holds up the next one's beginning.
                _ = Task.Run(() => ServeAsync(context));
            }
            else
            {
                context.Response.Abort();
            }
        }
    }

    private async Task ServeAsync(HttpListenerContext context)
    {
        try
        {
            await _pipeline.HandleAsync(context, _stop).ConfigureAwait(false);
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Counts a request in, unless the server stops; the server itself is the first to be counted.</summary>
    private bool TryEnter()
    {
        Interlocked.Increment(ref _running);
        if (!_stop.IsCancellationRequested)
        {
            return true;
        }

        Leave();
        return false;
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _running) == 0)
        {
            _idle.TrySetResult();
        }
    }
}
