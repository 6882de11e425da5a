namespace LlmObs.Client.Api;

/// <summary>"Export dataset": its records as CSV, ready to be fetched.</summary>
public sealed class DatasetExportCall
{
    private readonly ApiTransport transport;
    private readonly string path;

    internal DatasetExportCall(ApiTransport transport, string path)
    {
        this.transport = transport;
        this.path = path;
    }

    /// <summary>The whole address.</summary>
    public Uri Address => transport.AddressOf(MakeRequest(null));

    /// <summary>Fetches the file as it comes in.</summary>
    /// <param name="target">Where it goes; emptied first, and again before each further attempt.</param>
    /// <param name="observer">Is told of each attempt.</param>
    /// <param name="cancellation">Ends the call at once.</param>
    /// <returns>How many bytes it has.</returns>
    /// <exception cref="LlmObsException">The call failed, or the file broke off with every attempt.</exception>
    /// <exception cref="UnwritableFileException">The target can't be written to.</exception>
    public async Task<long> SendAsync(FileStream target, IRequestObserver? observer = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        await transport.SendAsync(MakeRequest((body, token) => CopyAsync(body, target, token)), observer, cancellation).ConfigureAwait(false);
        return target.Length;
    }

    private static async Task CopyAsync(Stream body, FileStream target, CancellationToken cancellation)
    {
        byte[] buffer = new byte[64 * 1024];
        await WriteAsync(() =>
        {
            target.SetLength(0);
            return ValueTask.CompletedTask;
        }).ConfigureAwait(false);
        for (int read; (read = await body.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0;)
        {
            await WriteAsync(() => target.WriteAsync(buffer.AsMemory(0, read), cancellation)).ConfigureAwait(false);
        }

        await WriteAsync(() => new ValueTask(target.FlushAsync(cancellation))).ConfigureAwait(false);
    }

    // A full disk is no broken connection, and another attempt would not help.
    private static async ValueTask WriteAsync(Func<ValueTask> write)
    {
        try
        {
            await write().ConfigureAwait(false);
        }
        catch (IOException e)
        {
            throw new UnwritableFileException(e);
        }
    }

    private ApiRequest MakeRequest(Func<Stream, CancellationToken, Task>? receive) =>
        new(HttpMethod.Get, path, () => null, RepeatRule.Reading) { Receive = receive };
}

/// <summary>A file that what was fetched can't be written to.</summary>
/// <param name="reason">What the file system said.</param>
public sealed class UnwritableFileException(IOException reason) : Exception(reason?.Message, reason);
