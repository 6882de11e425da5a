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

    /// <summary>Reads a body as it was sent; null where it is longer than the limit.</summary>
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

    /// <summary>Reads to an end that is not known beforehand; null where it is beyond the limit.</summary>
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

    /// <summary>Reads and drops what is left, within limits, so that the client gets to read the answer.</summary>
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

/// <summary>What came of reading a request's body.</summary>
internal sealed record RequestBody
{
    /// <summary>The body, decompressed; empty where there was none or it was refused.</summary>
    public byte[] Bytes { get; init; } = [];

    /// <summary>Why it was refused; null where it was not.</summary>
    public Problem? Problem { get; init; }

    /// <summary>Whether the client went away while sending it.</summary>
    public bool Lost { get; init; }
}
