using System.Net.Sockets;

namespace LlmObs.Emulator.Server;

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

    /// <summary>Serves the connection. Never throws: whatever goes wrong is this connection's problem alone.</summary>
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

    /// <summary>Serves one request; false where it was the last.</summary>
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
        await _stream.WriteAsync(AnswerBytes.Write(answer, isHead, close), limit.Token).ConfigureAwait(false);
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
