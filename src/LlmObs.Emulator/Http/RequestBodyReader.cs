using System.Globalization;
using System.IO.Compression;
using System.Net;

namespace LlmObs.Emulator.Http;

/// <summary>Reads bodies, plain or gzip, within limits of size and time.</summary>
internal sealed class RequestBodyReader(TransportLimits limits)
{
    private const int ChunkBytes = 64 * 1024;

    public async Task<RequestBody> ReadAsync(HttpListenerRequest request, CancellationToken stop)
    {
        if (!request.HasEntityBody)
        {
            return new RequestBody();
        }

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(limits.BodyTimeout);
        try
        {
            return await ReadWithinAsync(request, deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            string seconds = limits.BodyTimeout.TotalSeconds.ToString(CultureInfo.InvariantCulture);
            return Refused(408, $"The body did not arrive within {seconds} s.", incomplete: true);
        }
        catch (Exception failure) when (failure is IOException or HttpListenerException or ObjectDisposedException)
        {
            return new RequestBody { Lost = true };
        }
    }

    private async Task<RequestBody> ReadWithinAsync(HttpListenerRequest request, CancellationToken deadline)
    {
        byte[]? sent = await CollectAsync(request.InputStream, request.ContentLength64, deadline).ConfigureAwait(false);
        if (sent is null)
        {
            bool drained = await DrainAsync(request.InputStream, deadline).ConfigureAwait(false);
            return TooLarge(incomplete: !drained);
        }

        string encoding = request.Headers["Content-Encoding"]?.Trim() ?? string.Empty;
        if (encoding.Length == 0 || encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            return new RequestBody { Bytes = sent };
        }

        return encoding.Equals("gzip", StringComparison.OrdinalIgnoreCase)
            ? await UnzipAsync(sent, deadline).ConfigureAwait(false)
            : Refused(415, $"The content encoding '{encoding}' is not supported; send the body plain or as gzip.");
    }

    private async Task<RequestBody> UnzipAsync(byte[] sent, CancellationToken deadline)
    {
        try
        {
            await using var unzip = new GZipStream(new MemoryStream(sent), CompressionMode.Decompress);
            byte[]? plain = await CollectAsync(unzip, -1, deadline).ConfigureAwait(false);
            return plain is null ? TooLarge(incomplete: false) : new RequestBody { Bytes = plain };
        }
        catch (InvalidDataException failure)
        {
            return Refused(400, $"The body is not valid gzip: {failure.Message}");
        }
    }

    /// <summary>Reads a stream to its end; null where it is longer than the limit.</summary>
    private async Task<byte[]?> CollectAsync(Stream source, long length, CancellationToken deadline)
    {
        if (length > limits.MaxBodyBytes)
        {
            return null;
        }

        byte[] buffer = new byte[length >= 0 ? length : ChunkBytes];
        int count = 0;
        while (length < 0 || count < length)
        {
            if (count == buffer.Length)
            {
                Array.Resize(ref buffer, (int)Math.Min(buffer.Length * 2L, limits.MaxBodyBytes + 1L));
            }

            // The listener's stream does not watch the token by itself once a read is under way.
            int read = await source.ReadAsync(buffer.AsMemory(count), CancellationToken.None).AsTask()
                .WaitAsync(deadline).ConfigureAwait(false);
            if (read == 0)
            {
                break;
            }

            count += read;
            if (count > limits.MaxBodyBytes)
            {
                return null;
            }
        }

        Array.Resize(ref buffer, count);
        return buffer;
    }

    /// <summary>Reads and drops what is left; false where that would be too much.</summary>
    private async Task<bool> DrainAsync(Stream source, CancellationToken deadline)
    {
        byte[] waste = new byte[ChunkBytes];
        for (long total = 0; total < limits.MaxDrainBytes;)
        {
            int read = await source.ReadAsync(waste, CancellationToken.None).AsTask().WaitAsync(deadline).ConfigureAwait(false);
            if (read == 0)
            {
                return true;
            }

            total += read;
        }

        return false;
    }

    private RequestBody TooLarge(bool incomplete) => Refused(
        413,
        string.Create(CultureInfo.InvariantCulture, $"The body is larger than {limits.MaxBodyBytes} bytes."),
        incomplete);

    private static RequestBody Refused(int status, string detail, bool incomplete = false) =>
        new() { Problem = new Problem(status, detail), Incomplete = incomplete };
}
