using System.IO.Compression;

namespace LlmObs.Client.Http;

/// <summary>
/// Unpacks a gzip file or body and knows if it was complete. .NET ends silently if one breaks off: rows would be missing without
/// notice. So a second, tiny archive is appended to the file: it comes out unchanged only if the
/// file's own archive has ended before it.
/// </summary>
internal sealed class WholeGzipStream : ReadOnlyStream
{
    private const string CutOff = "The archive is cut off, or something else follows it.";

    private static readonly byte[] Mark = [.. "\r\n\0 end of LlmObs file \0\r\n"u8];
    private static readonly byte[] PackedMark = Pack(Mark);

    private readonly MarkedStream _packed;
    private readonly GZipStream _unpacked;
    private bool _ended;

    public WholeGzipStream(Stream file)
    {
        _packed = new MarkedStream(file);
        _unpacked = new GZipStream(_packed, CompressionMode.Decompress);
    }

    /// <exception cref="InvalidDataException">The file is damaged, breaks off, or goes on after its end.</exception>
    public override int Read(Span<byte> buffer)
    {
        if (_ended || buffer.IsEmpty)
        {
            return 0;
        }

        int read = Unpack(buffer);
        return read > 0 && !_packed.IsAtMark ? read : End(buffer[..read]);
    }

    /// <exception cref="InvalidDataException">The file is damaged, breaks off, or goes on after its end.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_ended || buffer.IsEmpty)
        {
            return 0;
        }

        int read;
        try
        {
            read = await _unpacked.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidDataException e)
        {
            throw Damaged(e);
        }

        return read > 0 && !_packed.IsAtMark ? read : End(buffer.Span[..read]);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    // All that comes from here on comes out of the mark.
    private int End(ReadOnlySpan<byte> begun)
    {
        byte[] rest = new byte[Mark.Length + 1];
        int more = begun.Length > Mark.Length ? 0 : UnpackAll(rest.AsSpan(0, Mark.Length + 1 - begun.Length));
        _ended = true;
        if (begun.Length + more != Mark.Length || !begun.SequenceEqual(Mark.AsSpan(0, begun.Length)) || !rest.AsSpan(0, more).SequenceEqual(Mark.AsSpan(begun.Length)))
        {
            throw new InvalidDataException(CutOff);
        }

        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _unpacked.Dispose();
        }

        base.Dispose(disposing);
    }

    private int UnpackAll(Span<byte> buffer)
    {
        int filled = 0;
        for (int read; filled < buffer.Length && (read = Unpack(buffer[filled..])) > 0; filled += read)
        {
            // A read gives what there is.
        }

        return filled;
    }

    private int Unpack(Span<byte> buffer)
    {
        try
        {
            return _unpacked.Read(buffer);
        }
        catch (InvalidDataException e)
        {
            throw Damaged(e);
        }
    }

    private InvalidDataException Damaged(InvalidDataException reason) =>
        new(_packed.IsAtMark ? CutOff : "It is no gzip archive, or a damaged one.", reason);

    private static byte[] Pack(byte[] plain)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        {
            gzip.Write(plain);
        }

        return packed.ToArray();
    }

    /// <summary>A file, followed by the mark.</summary>
    private sealed class MarkedStream(Stream file) : ReadOnlyStream
    {
        private readonly MemoryStream _mark = new(PackedMark);

        /// <summary>True if the file was read to its end.</summary>
        public bool IsAtMark { get; private set; }

        public override int Read(Span<byte> buffer)
        {
            int read = IsAtMark ? 0 : file.Read(buffer);
            return read > 0 || buffer.IsEmpty ? read : ReadMark(buffer);
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int read = IsAtMark ? 0 : await file.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            return read > 0 || buffer.IsEmpty ? read : ReadMark(buffer.Span);
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        private int ReadMark(Span<byte> buffer)
        {
            IsAtMark = true;
            return _mark.Read(buffer);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                file.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}

/// <summary>A body whose gzip, deflate or br can't be undone is lost, as if the connection had broken.</summary>
internal static class BrokenCompression
{
    public static bool Is(Exception e) => e is InvalidDataException or (InvalidOperationException and not ObjectDisposedException); // of brotli

    public static async ValueTask<int> ReadAsync(Stream body, Memory<byte> buffer, CancellationToken cancellation)
    {
        try
        {
            return await body.ReadAsync(buffer, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (Is(e))
        {
            throw Lost(e);
        }
    }

    public static IOException Lost(Exception reason) => new("the compressed body is damaged", reason);
}

/// <summary>A stream from which a few bytes were read ahead, with those bytes put back in front.</summary>
internal sealed class PrefixedStream(ReadOnlyMemory<byte> prefix, Stream rest) : ReadOnlyStream
{
    private ReadOnlyMemory<byte> _left = prefix;

    public override int Read(Span<byte> buffer) => _left.IsEmpty ? rest.Read(buffer) : TakeLeft(buffer);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _left.IsEmpty ? rest.ReadAsync(buffer, cancellationToken) : ValueTask.FromResult(TakeLeft(buffer.Span));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    private int TakeLeft(Span<byte> buffer)
    {
        int count = Math.Min(buffer.Length, _left.Length);
        _left.Span[..count].CopyTo(buffer);
        _left = _left[count..];
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            rest.Dispose();
        }

        base.Dispose(disposing);
    }
}

/// <summary>A stream that is read once, from its beginning to its end; nothing else can be done with it.</summary>
internal abstract class ReadOnlyStream : Stream
{
    public sealed override bool CanRead => true;

    public sealed override bool CanSeek => false;

    public sealed override bool CanWrite => false;

    public sealed override long Length => throw new NotSupportedException();

    public sealed override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public abstract override int Read(Span<byte> buffer);

    public sealed override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public sealed override void Flush()
    {
    }

    public sealed override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public sealed override void SetLength(long value) => throw new NotSupportedException();

    public sealed override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
