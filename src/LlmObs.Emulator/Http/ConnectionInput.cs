using System.Text;

namespace LlmObs.Emulator.Http;

/// <summary>The bytes of a connection, including those that were read ahead.</summary>
/// <param name="stream">The connection.</param>
internal sealed class ConnectionInput(Stream stream)
{
    /// <summary>The longest head of a request, in bytes.</summary>
    public const int MaxHeadBytes = 64 * 1024;

    private const int MaxLineBytes = 1024;
    private byte[] _buffer = new byte[8 * 1024];
    private int _start;
    private int _end;

    private ReadOnlySpan<byte> Buffered => _buffer.AsSpan(_start.._end);

    /// <summary>Waits until there is something to read.</summary>
    /// <returns>False if the connection has ended instead.</returns>
    public async ValueTask<bool> WaitAsync(CancellationToken cancellation) =>
        _start < _end || await FillAsync(cancellation).ConfigureAwait(false);

    /// <summary>Reads up to the empty line that ends a head.</summary>
    /// <returns>The head without that line; null if it is too long, or the connection ended before it.</returns>
    public async ValueTask<byte[]?> ReadHeadAsync(CancellationToken cancellation)
    {
        while (true)
        {
            // Empty lines before a request are to be passed over.
            while (Buffered.StartsWith("\r\n"u8))
            {
                _start += 2;
            }

            int length = Buffered.IndexOf("\r\n\r\n"u8);
            if (length >= 0)
            {
                return Take(length, separator: 4);
            }

            if (_end - _start >= MaxHeadBytes || !await FillAsync(cancellation).ConfigureAwait(false))
            {
                return null;
            }
        }
    }

    /// <summary>Reads a line of the chunked encoding.</summary>
    /// <exception cref="InvalidDataException">It does not end.</exception>
    public async ValueTask<string> ReadLineAsync(CancellationToken cancellation)
    {
        while (true)
        {
            int length = Buffered.IndexOf("\r\n"u8);
            if (length >= 0)
            {
                return Encoding.Latin1.GetString(Take(length, separator: 2));
            }

            if (_end - _start > MaxLineBytes)
            {
                throw new InvalidDataException("A line of the chunked body does not end.");
            }

            if (!await FillAsync(cancellation).ConfigureAwait(false))
            {
                throw new EndOfStreamException();
            }
        }
    }

    /// <summary>Reads some bytes.</summary>
    /// <returns>The number of bytes; 0 at the end of the connection.</returns>
    public ValueTask<int> ReadAsync(Memory<byte> target, CancellationToken cancellation)
    {
        int count = Math.Min(target.Length, _end - _start);
        if (count == 0)
        {
            return stream.ReadAsync(target, cancellation);
        }

        Buffered[..count].CopyTo(target.Span);
        _start += count;
        return ValueTask.FromResult(count);
    }

    private byte[] Take(int length, int separator)
    {
        byte[] taken = Buffered[..length].ToArray();
        _start += length + separator;
        return taken;
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancellation)
    {
        int left = _end - _start;
        byte[] target = left == _buffer.Length ? new byte[_buffer.Length * 2] : _buffer;
        Buffered.CopyTo(target);
        (_buffer, _start, _end) = (target, 0, left);
        int read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellation).ConfigureAwait(false);
        _end += read;
        return read > 0;
    }
}
