#nullable enable
using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace LlmObs.Testing;

/// <summary>An HTTP server on a loopback port that records requests unchanged, and gives the test's answers, right or wrong.</summary>
internal sealed class ScriptedServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentQueue<RecordedRequest> _requests = new();
    private readonly Func<RecordedRequest, int, Reply> _answer;
    private readonly bool _closesAtOnce;
    private readonly bool _answersAnything;
    private int _arrived;
    private int _connections;

    /// <param name="answer">The reaction to a request and its number, from 0.</param>
    /// <param name="closesAtOnce">Connections are reset before anything is read.</param>
    /// <param name="answersAnything">True to answer the first bytes of a connection, whatever they are, as a web server does with TLS on its plain port.</param>
    public ScriptedServer(Func<RecordedRequest, int, Reply> answer, bool closesAtOnce = false, bool answersAnything = false)
    {
        _answersAnything = answersAnything;
        _answer = answer;
        _closesAtOnce = closesAtOnce;
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");
        _ = AcceptAsync();
    }

    /// <summary>A server that gives these answers one after the other, and the last one for ever.</summary>
    public ScriptedServer(params Reply[] script)
        : this((_, index) => script[Math.Min(index, script.Length - 1)])
    {
    }

    public Uri Address { get; }

    public IReadOnlyList<RecordedRequest> Requests => [.. _requests];

    public RecordedRequest Only => _requests.Single();

    public int Connections => Volatile.Read(ref _connections);

    public void Dispose()
    {
        _stopping.Cancel();
        _listener.Stop();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket socket = await _listener.AcceptSocketAsync(_stopping.Token);
                Interlocked.Increment(ref _connections);
                _ = Task.Run(() => ServeAsync(socket));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        socket.NoDelay = true;
        if (_closesAtOnce)
        {
            socket.LingerState = new LingerOption(true, 0);
            socket.Dispose();
            return;
        }

        using var stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            if (_answersAnything)
            {
                await stream.ReadAtLeastAsync(new byte[64], 1);
                await stream.WriteAsync(Reply.Of(400).Head());
                return;
            }

            while (await ReadAsync(stream) is RecordedRequest request)
            {
                _requests.Enqueue(request);
                Reply reply = _answer(request, Interlocked.Increment(ref _arrived) - 1);
                await reply.Gate.WaitAsync(_stopping.Token);
                await Task.Delay(reply.Delay, _stopping.Token);
                if (reply.IsCut)
                {
                    socket.LingerState = new LingerOption(reply.IsReset, 0);
                    return;
                }

                await stream.WriteAsync((byte[])[.. reply.Head(), .. reply.Body], _stopping.Token);
                if (reply.OnStalled is not null)
                {
                    reply.OnStalled();
                    while (reply.Drips)
                    {
                        await Task.Delay(20, _stopping.Token);
                        await stream.WriteAsync(" "u8.ToArray(), _stopping.Token);
                    }

                    await Task.Delay(Timeout.Infinite, _stopping.Token);
                }

                if (reply.Body.Length < reply.Length)
                {
                    return;
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
        }
    }

    private async Task<RecordedRequest?> ReadAsync(NetworkStream stream)
    {
        var received = new List<byte>();
        byte[] buffer = new byte[64 * 1024];
        int headEnd;
        while ((headEnd = EndOfHead(received)) < 0)
        {
            int read = await stream.ReadAsync(buffer, _stopping.Token);
            if (read == 0)
            {
                return null;
            }

            received.AddRange(buffer.AsSpan(0, read));
        }

        string[] lines = Encoding.Latin1.GetString([.. received[..headEnd]]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        string[] first = lines[0].Split(' ');
        KeyValuePair<string, string>[] headers = [.. lines[1..].Select(line => KeyValuePair.Create(line[..line.IndexOf(':')], line[(line.IndexOf(':') + 1)..].Trim()))];
        string? length = headers.FirstOrDefault(header => header.Key.Equals("Content-Length", StringComparison.OrdinalIgnoreCase)).Value;
        byte[] body = new byte[int.Parse(length ?? "0", CultureInfo.InvariantCulture)];
        int have = Math.Min(body.Length, received.Count - headEnd - 4);
        received.CopyTo(headEnd + 4, body, 0, have);
        await stream.ReadExactlyAsync(body.AsMemory(have), _stopping.Token);
        return new RecordedRequest(first[0], first[1], headers, body);
    }

    private static int EndOfHead(List<byte> received) =>
        System.Runtime.InteropServices.CollectionsMarshal.AsSpan(received).IndexOf("\r\n\r\n"u8);
}

/// <summary>A request as it came over the wire.</summary>
internal sealed record RecordedRequest(string Method, string Target, IReadOnlyList<KeyValuePair<string, string>> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public string[] Header(string name) =>
        [.. Headers.Where(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(header => header.Value)];
}
