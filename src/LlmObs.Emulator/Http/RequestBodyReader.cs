using System.Globalization;
using System.IO.Compression;

namespace LlmObs.Emulator.Http;

/// <summary>Reads bodies, plain or gzip, within limits of size and time.</summary>
internal sealed class RequestBodyReader(RequestLimits limits)
{
    private const int ChunkBytes = 64 * 1024;

    public async Task<RequestBody> ReadAsync(RequestHead head, BodySource source, CancellationToken stop)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(limits.BodyTimeout);
        try
        {
            byte[]? sent = await CollectAsync(source, deadline.Token).ConfigureAwait(false);
            if (sent is not null)
            {
                return await DecodeAsync(head.Headers["Content-Encoding"] ?? string.Empty, sent, deadline.Token).ConfigureAwait(false);
            }

            await DrainAsync(source, deadline.Token, stop).ConfigureAwait(false);
            return TooLarge();
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            string seconds = limits.BodyTimeout.TotalSeconds.ToString(CultureInfo.InvariantCulture);
            return Refused(408, $"The body did not arrive within {seconds} s.");
        }
        catch (InvalidDataException failure)
        {
            return Refused(400, failure.Message);
        }
        catch (IOException)
        {
            return new RequestBody { Lost = true };
        }
    }

    private async Task<RequestBody> DecodeAsync(string encoding, byte[] sent, CancellationToken deadline)
    {
        if (encoding.Length == 0 || encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            return new RequestBody { Bytes = sent };
        }

        if (!encoding.Equals("gzip", StringComparison.OrdinalIgnoreCase))
        {
            return Refused(415, $"The content encoding '{encoding}' is not supported; send the body plain or as gzip.");
        }

        try
        {
            await using var unzip = new GZipStream(new MemoryStream(sent), CompressionMode.Decompress);
            byte[]? plain = await GatherAsync(unzip.ReadAsync, deadline).ConfigureAwait(false);
            return plain is null ? TooLarge() : new RequestBody { Bytes = plain };
        }
        catch (InvalidDataException failure)
        {
            return Refused(400, $"The body is not valid gzip: {failure.Message}");
        }
    }

    /// <summary>Reads a body unchanged; null if it is longer than the limit.</summary>
    private async Task<byte[]?> CollectAsync(BodySource source, CancellationToken deadline)
    {
        if (source.Length is not { } length)
        {
            return await GatherAsync(source.ReadAsync, deadline).ConfigureAwait(false);
        }

        if (length > limits.MaxBodyBytes)
        {
            return null;
        }

        // Kept as it is by the store, so it is made to measure and filled at once.
        byte[] body = GC.AllocateUninitializedArray<byte>((int)length);
        for (int count = 0; count < body.Length;)
        {
            count += await source.ReadAsync(body.AsMemory(count), deadline).ConfigureAwait(false);
        }

        return body;
    }

    /// <summary>Reads to an unknown end; null if it is beyond the limit.</summary>
    private async Task<byte[]?> GatherAsync(
        Func<Memory<byte>, CancellationToken, ValueTask<int>> readAsync, CancellationToken deadline)
    {
        byte[] buffer = new byte[ChunkBytes];
        int count = 0;
        while (true)
        {
            int read = await readAsync(buffer.AsMemory(count), deadline).ConfigureAwait(false);
            if (read == 0)
            {
                return buffer.AsSpan(0, count).ToArray();
            }

            count += read;
            if (count > limits.MaxBodyBytes)
            {
                return null;
            }

            if (count == buffer.Length)
            {
                Array.Resize(ref buffer, (int)Math.Min(buffer.Length * 2L, limits.MaxBodyBytes + 1L));
            }
        }
    }

    /// <summary>Reads and drops the rest, within limits, so that the client gets to read the answer.</summary>
    private async Task DrainAsync(BodySource source, CancellationToken deadline, CancellationToken stop)
    {
        byte[] waste = new byte[ChunkBytes];
        long total = 0;
        int read = 1;
        try
        {
            while (read > 0 && total < limits.MaxDrainBytes)
            {
                read = await source.ReadAsync(waste, deadline).ConfigureAwait(false);
                total += read;
            }
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // Too large and too slow: the size is the answer.
        }
    }

    private RequestBody TooLarge() => Refused(
        413, string.Create(CultureInfo.InvariantCulture, $"The body is larger than {limits.MaxBodyBytes} bytes."));

    private static RequestBody Refused(int status, string detail) => new() { Problem = new Problem(status, detail) };
}

/// <summary>The result of reading a request's body.</summary>
internal sealed record RequestBody
{
    /// <summary>The body, decompressed; empty if there was none or it was refused.</summary>
    public byte[] Bytes { get; init; } = [];

    /// <summary>The reason why it was refused; null if it was not.</summary>
    public Problem? Problem { get; init; }

    /// <summary>True if the client disconnected while sending it.</summary>
    public bool Lost { get; init; }
}

/// <summary>The body of a request as it comes in.</summary>
/// <param name="input">The connection.</param>
internal abstract class BodySource(ConnectionInput input)
{
    /// <summary>The connection.</summary>
    protected ConnectionInput Input => input;

    /// <summary>The bytes that are announced and not read yet.</summary>
    protected long Left { get; set; }

    /// <summary>Its length in bytes; null if it is unknown until its end.</summary>
    public abstract long? Length { get; }

    /// <summary>True if it was read to its end, so that the next request follows.</summary>
    public abstract bool IsFinished { get; }

    /// <summary>Reads some of it.</summary>
    /// <returns>The number of bytes; 0 at its end.</returns>
    /// <exception cref="EndOfStreamException">The client went away before its end.</exception>
    /// <exception cref="InvalidDataException">It is not in the form that its head announces.</exception>
    public abstract ValueTask<int> ReadAsync(Memory<byte> target, CancellationToken cancellation);

    /// <summary>Reads some of the bytes that are left.</summary>
    /// <returns>The number of bytes, at least one.</returns>
    /// <exception cref="EndOfStreamException">The client went away before them.</exception>
    protected async ValueTask<int> ReadLeftAsync(Memory<byte> target, CancellationToken cancellation)
    {
        int wanted = (int)Math.Min(target.Length, Left);
        int read = await input.ReadAsync(target[..wanted], cancellation).ConfigureAwait(false);
        if (read == 0)
        {
            throw new EndOfStreamException();
        }

        Left -= read;
        return read;
    }
}

/// <summary>A body of a known length.</summary>
internal sealed class LengthBody : BodySource
{
    /// <param name="input">The connection.</param>
    /// <param name="length">The length in bytes.</param>
    public LengthBody(ConnectionInput input, long length)
        : base(input)
    {
        Length = Left = length;
    }

    public override long? Length { get; }

    public override bool IsFinished => Left == 0;

    public override ValueTask<int> ReadAsync(Memory<byte> target, CancellationToken cancellation) =>
        IsFinished ? ValueTask.FromResult(0) : ReadLeftAsync(target, cancellation);
}

/// <summary>A body in chunks.</summary>
/// <param name="input">The connection.</param>
internal sealed class ChunkedBody(ConnectionInput input) : BodySource(input)
{
    private const int MaxTrailers = 100;

    private bool _begun;
    private bool _finished;

    public override long? Length => null;

    public override bool IsFinished => _finished;

    public override async ValueTask<int> ReadAsync(Memory<byte> target, CancellationToken cancellation)
    {
        if (Left == 0 && !_finished)
        {
            await BeginChunkAsync(cancellation).ConfigureAwait(false);
        }

        return _finished ? 0 : await ReadLeftAsync(target, cancellation).ConfigureAwait(false);
    }

    private async ValueTask BeginChunkAsync(CancellationToken cancellation)
    {
        if (_begun && (await Input.ReadLineAsync(cancellation).ConfigureAwait(false)).Length > 0)
        {
            throw new InvalidDataException("A chunk is longer than it says.");
        }

        _begun = true;
        string line = await Input.ReadLineAsync(cancellation).ConfigureAwait(false);
        int end = line.IndexOf(';', StringComparison.Ordinal);
        string size = (end < 0 ? line : line[..end]).Trim();
        if (!int.TryParse(size, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int length) || length < 0)
        {
            throw new InvalidDataException("The size of a chunk is not a hexadecimal number.");
        }

        Left = length;
        if (length == 0)
        {
            await SkipTrailersAsync(cancellation).ConfigureAwait(false);
            _finished = true;
        }
    }

    private async ValueTask SkipTrailersAsync(CancellationToken cancellation)
    {
        for (int count = 0; count < MaxTrailers; count++)
        {
            if ((await Input.ReadLineAsync(cancellation).ConfigureAwait(false)).Length == 0)
            {
                return;
            }
        }

        throw new InvalidDataException("The chunked body has too many trailers.");
    }
}
