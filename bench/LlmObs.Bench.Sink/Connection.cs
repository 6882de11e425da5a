using System.Net.Sockets;
using System.Text;

namespace LlmObs.Bench.Sink;

/// <summary>One keep-alive connection: read a request to its end, answer, read the next.</summary>
internal sealed class Connection(Socket socket, SinkState state)
{
    private static readonly byte[] Accepted = "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"u8.ToArray();
    private static readonly byte[] Continue = "HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray();
    private static readonly byte[] LengthRequired = "HTTP/1.1 411 Length Required\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray();

    private readonly byte[] _buffer = new byte[256 * 1024];
    private readonly EventCounter _counter = new();
    private int _start;
    private int _end;

    public void Run()
    {
        using (socket)
        {
            try
            {
                while (TryReadHead(out RequestHead head) && Answer(head))
                {
                }
            }
            catch (SocketException)
            {
                // The client is gone; what did not arrive is not counted.
            }
        }
    }

    private bool Answer(RequestHead head)
    {
        if (head.IsQuestion)
        {
            string json = state.ToJson();
            Send(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {json.Length}\r\n\r\n{json}"));
            return true;
        }

        if (head.BodyLength < 0)
        {
            Send(LengthRequired);
            return false;
        }

        if (head.WantsContinue)
        {
            Send(Continue);
        }

        if (!TryReadBody(head.BodyLength))
        {
            return false;
        }

        string? refusal = state.Refuse();
        if (refusal is null)
        {
            state.Add(head.BodyLength, _counter.Count);
        }

        if (state.Delay > TimeSpan.Zero)
        {
            Thread.Sleep(state.Delay);
        }

        Send(refusal is null ? Accepted : Encoding.ASCII.GetBytes(refusal));
        return true;
    }

    private bool TryReadHead(out RequestHead head)
    {
        while (true)
        {
            int length = _buffer.AsSpan(_start.._end).IndexOf("\r\n\r\n"u8);
            if (length >= 0)
            {
                head = RequestHead.Parse(_buffer.AsSpan(_start, length));
                _start += length + 4;
                return true;
            }

            _buffer.AsSpan(_start.._end).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
            if (_end == _buffer.Length || !TryReceive())
            {
                head = default;
                return false;
            }
        }
    }

    private bool TryReadBody(long length)
    {
        _counter.Reset();
        using Stream? kept = state.Keeper?.Open();
        for (long left = length; left > 0;)
        {
            if (_start == _end)
            {
                (_start, _end) = (0, 0);
                if (!TryReceive())
                {
                    return false;
                }
            }

            int piece = (int)Math.Min(left, _end - _start);
            _counter.Take(_buffer.AsSpan(_start, piece));
            kept?.Write(_buffer, _start, piece);
            _start += piece;
            left -= piece;
        }

        return true;
    }

    private bool TryReceive()
    {
        int received = socket.Receive(_buffer, _end, _buffer.Length - _end, SocketFlags.None);
        _end += received;
        return received > 0;
    }

    private void Send(byte[] answer)
    {
        for (int sent = 0; sent < answer.Length;)
        {
            sent += socket.Send(answer, sent, answer.Length - sent, SocketFlags.None);
        }
    }
}
