using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;

namespace LlmObs.Emulator.Server;

/// <summary>
/// A local stand-in for the LLM Observability API, reachable from this machine only. It accepts any keys or
/// none unless it is configured with some, and stores none of the keys in requests.
/// </summary>
public sealed class EmulatorServer : IAsyncDisposable
{
    private static readonly TimeSpan AcceptPause = TimeSpan.FromMilliseconds(10);

    private readonly LoopbackListener _listener;
    private readonly JournalFile? _journal;
    private readonly RequestLog _log;
    private readonly RequestPipeline _pipeline;
    private readonly RequestLimits _limits;
    private readonly CancellationTokenSource _stopSource = new();
    private readonly CancellationToken _stop;
    private readonly ConcurrentDictionary<ClientConnection, Task> _connections = new();
    private readonly Task _accepting;
    private int _disposed;

    private EmulatorServer(EmulatorOptions options, RequestLimits limits, FaultScript faults, JournalFile? journal, EmulatorStore store, IPageSource? pages)
    {
        _stop = _stopSource.Token;
        _limits = limits;
        _journal = journal;
        _log = new RequestLog(limits);
        Store = store;
        _listener = LoopbackListener.Open(options.Port);
        Port = _listener.Port;
        BaseUri = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}/"));

        var journalWriter = new JournalWriter(journal);
        var writer = new StoreWriter(store, journalWriter, options.Time, options.TakesUnknownIds);
        var catalog = new CatalogWriter(store.Catalog, journalWriter, options.Time);
        var router = new Router(
            AllRoutes.Of(store, writer, catalog, options, limits),
            new KeyCheck(options.Keys),
            new TypeRefusal(options.RefusedTypes));
        var pageAnswers = new PageAnswers(store, pages, asksForKeys: options.Keys != new EmulatorKeys());
        _pipeline = new RequestPipeline(router, pageAnswers, faults, _log, new RequestBodyReader(limits), options.ErrorForm, options.Time);
        _accepting = Task.WhenAll(_listener.Sockets.Select(socket => Task.Run(() => AcceptAsync(socket))));
    }

    /// <summary>The address to use as base address, <c>http://127.0.0.1:&lt;port&gt;/</c>.</summary>
    public Uri BaseUri { get; }

    /// <summary>The port on the loopback interface.</summary>
    public int Port { get; }

    /// <summary>The requests answered or dropped so far.</summary>
    public long RequestCount => _log.Count;

    /// <summary>Its data.</summary>
    public EmulatorStore Store { get; }

    /// <summary>The last requests, oldest first: at most 2,000, and at most 64 MiB of bodies.</summary>
    public IReadOnlyList<LoggedRequest> Requests => _log.Snapshot();

    /// <summary>Starts an emulator; if it has a folder, with everything in its journal.</summary>
    /// <param name="pages">Makes the pages that a browser is shown; null for none.</param>
    /// <returns>The emulator, ready for requests.</returns>
    /// <exception cref="EmulatorException">It can't be started; the message gives the reason.</exception>
    public static EmulatorServer Start(EmulatorOptions options, IPageSource? pages = null) => Start(options, RequestLimits.Default, pages);

    internal static EmulatorServer Start(EmulatorOptions options, RequestLimits limits, IPageSource? pages = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var faults = new FaultScript(options.Faults, options.Seed);
        var store = new EmulatorStore();
        JournalFile? journal = options.DataPath is null ? null : JournalFile.Open(options.DataPath, store);
        try
        {
            return new EmulatorServer(options, limits, faults, journal, store, pages);
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
        await _accepting.ConfigureAwait(false);
        _listener.Dispose();
        Task running = Task.WhenAll(_connections.Values);
        await Task.WhenAny(running, Task.Delay(_limits.StopTimeout)).ConfigureAwait(false);
        foreach (ClientConnection late in _connections.Keys)
        {
            late.Dispose();
        }

        _journal?.Dispose();
        _stopSource.Dispose();
    }

    private async Task AcceptAsync(Socket listening)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                Socket accepted = await listening.AcceptAsync(_stop).ConfigureAwait(false);
                Serve(accepted);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException)
            {
                // A client that was gone before it was let in, or no more handles: the next one may fare better.
                await Task.Delay(AcceptPause).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Serves a connection on its own, so that its work never holds up the next one's beginning.</summary>
    private void Serve(Socket accepted)
    {
        var connection = new ClientConnection(accepted, _pipeline, _limits);
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _connections[connection] = ServeAsync(connection, entered.Task);
        entered.SetResult();
    }

    private async Task ServeAsync(ClientConnection connection, Task entered)
    {
        await entered.ConfigureAwait(false);
        await connection.ServeAsync(_stop).ConfigureAwait(false);
        _connections.TryRemove(connection, out _);
    }
}

/// <summary>One client's connection: its requests, one after the other, until either side ends it.</summary>
internal sealed class ClientConnection : IDisposable
{
    private static readonly TimeSpan LingerTime = TimeSpan.FromSeconds(1);

    private readonly Socket _socket;
    private readonly NetworkStream _stream;
    private readonly ConnectionInput _input;
    private readonly RequestPipeline _pipeline;
    private readonly RequestLimits _limits;

    public ClientConnection(Socket socket, RequestPipeline pipeline, RequestLimits limits)
    {
        _socket = socket;
        _socket.NoDelay = true;
        _stream = new NetworkStream(socket, ownsSocket: true);
        _input = new ConnectionInput(_stream);
        _pipeline = pipeline;
        _limits = limits;
    }

    /// <summary>Serves the connection. Never throws: any failure is this connection's problem alone.</summary>
    public async Task ServeAsync(CancellationToken stop)
    {
        try
        {
            while (await ServeNextAsync(stop).ConfigureAwait(false))
            {
                // The connection is used again.
            }
        }
        catch (Exception failure) when (failure is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The client went away, took too long, or the emulator stops.
        }
        finally
        {
            Dispose();
        }
    }

    public void Dispose() => _stream.Dispose();

    /// <summary>Serves one request; false if it was the last.</summary>
    private async Task<bool> ServeNextAsync(CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(_limits.IdleTimeout);
        if (!await _input.WaitAsync(limit.Token).ConfigureAwait(false))
        {
            return false;
        }

        limit.CancelAfter(_limits.HeadTimeout);
        byte[]? bytes = await _input.ReadHeadAsync(limit.Token).ConfigureAwait(false);
        limit.CancelAfter(Timeout.InfiniteTimeSpan);
        Problem? problem = bytes is null
            ? new Problem(431, FormattableString.Invariant($"The head of the request is longer than {ConnectionInput.MaxHeadBytes} bytes, or torn."))
            : null;
        RequestHead? head = null;
        problem ??= RequestHeadParser.Parse(bytes, out head);
        if (problem is not null)
        {
            await AnswerAsync(Answer.Of(problem), isHead: false, close: true).ConfigureAwait(false);
            return false;
        }

        return await ServeAsync(head!, stop).ConfigureAwait(false);
    }

    private async Task<bool> ServeAsync(RequestHead head, CancellationToken stop)
    {
        BodySource body = head.Length is { } length ? new LengthBody(_input, length) : new ChunkedBody(_input);
        if (head.ExpectsContinue)
        {
            await _stream.WriteAsync(AnswerBytes.Continue, stop).ConfigureAwait(false);
        }

        Answer? answer = await _pipeline.HandleAsync(head, body, IsClientGone, stop).ConfigureAwait(false);
        if (answer is null)
        {
            // Without lingering the close is a reset: no client can take it for an answer.
            _socket.Close(timeout: 0);
            return false;
        }

        bool close = !head.KeepAlive || !body.IsFinished || answer.Truncate || stop.IsCancellationRequested;
        await AnswerAsync(answer, head.Method == "HEAD", close).ConfigureAwait(false);
        return !close;
    }

    // A connection that has ended can be read, and has nothing to read.
    private bool IsClientGone()
    {
        try
        {
            return _socket.Poll(0, SelectMode.SelectRead) && _socket.Available == 0;
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            return true;
        }
    }

    private async Task AnswerAsync(Answer answer, bool isHead, bool close)
    {
        using var limit = new CancellationTokenSource(_limits.BodyTimeout);
        foreach (ReadOnlyMemory<byte> piece in AnswerBytes.Of(answer, isHead, close))
        {
            await _stream.WriteAsync(piece, limit.Token).ConfigureAwait(false);
        }

        if (close)
        {
            await LingerAsync().ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Ends the sending side and reads on for a moment: closing with bytes unread would reset the connection, and the
    /// client might lose the answer that is on its way.
    /// </summary>
    private async Task LingerAsync()
    {
        _socket.Shutdown(SocketShutdown.Send);
        using var limit = new CancellationTokenSource(LingerTime);
        byte[] waste = new byte[16 * 1024];
        while (await _input.ReadAsync(waste, limit.Token).ConfigureAwait(false) > 0)
        {
            // Not wanted any more.
        }
    }
}
