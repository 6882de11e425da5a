using System.Globalization;

namespace LlmObs.Client.Api;

/// <summary>"Export dataset": its records as CSV, ready to be fetched.</summary>
public sealed class DatasetExportCall
{
    private readonly ApiTransport _transport;
    private readonly string _path;

    internal DatasetExportCall(ApiTransport transport, string path)
    {
        _transport = transport;
        _path = path;
    }

    /// <summary>The whole address.</summary>
    public Uri Address => _transport.AddressOf(MakeRequest(null));

    /// <summary>Fetches the file as it comes in.</summary>
    /// <param name="target">Where it goes; emptied first, and again before each further attempt.</param>
    /// <param name="maxBytes">The most bytes that are written; null for no limit. A small compressed answer can be a large file.</param>
    /// <param name="observer">Is told of each attempt.</param>
    /// <param name="cancellation">Ends the call at once.</param>
    /// <returns>How many bytes it has.</returns>
    /// <exception cref="LlmObsException">The call failed, the file broke off with every attempt, is larger than allowed, empty or no CSV.</exception>
    /// <exception cref="UnwritableFileException">The target can't be written to.</exception>
    public async Task<long> SendAsync(FileStream target, long? maxBytes = null, IRequestObserver? observer = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        bool hasText = false;
        bool isFull = false;
        ApiAnswer answer = await _transport.SendAsync(MakeRequest(CopyAsync), observer, cancellation).ConfigureAwait(false);
        if (isFull)
        {
            throw FailureMessages.Of(
                FailureKind.AnswerTooLarge,
                string.Create(CultureInfo.InvariantCulture, $"GET /{_path} was not read to its end: the file is larger than {maxBytes} bytes."),
                answer,
                null);
        }

        return hasText ? target.Length : throw answer.Unreadable("it is empty", null);

        async Task CopyAsync(Stream body, IdleTimeout idle, CancellationToken token)
        {
            (hasText, isFull) = (false, false);
            byte[] buffer = new byte[64 * 1024];
            long written = 0;
            await WriteAsync(() =>
            {
                target.SetLength(0);
                return ValueTask.CompletedTask;
            }).ConfigureAwait(false);
            for (int read; (read = await BrokenCompression.ReadAsync(body, buffer, token).ConfigureAwait(false)) > 0;)
            {
                idle.Passed(read);
                written += read;
                if (isFull = written > maxBytes)
                {
                    return;
                }

                hasText |= buffer.AsSpan(0, read).IndexOfAnyExcept(" \t\r\n"u8) >= 0;
                await WriteAsync(() => target.WriteAsync(buffer.AsMemory(0, read), token)).ConfigureAwait(false);
            }

            await WriteAsync(() => new ValueTask(target.FlushAsync(token))).ConfigureAwait(false);
        }
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

    private ApiRequest MakeRequest(Func<Stream, IdleTimeout, CancellationToken, Task>? receive) =>
        new(HttpMethod.Get, _path, () => null, RetrySafety.Reading) { Receive = receive, Accepts = IsTable };

    // What the documents name, and what servers call a file whose kind they don't know.
    private static bool IsTable(string mediaType) =>
        mediaType.Contains("csv", StringComparison.Ordinal) || mediaType is "text/plain" or "application/octet-stream" or "binary/octet-stream";
}

/// <summary>A file that what was fetched can't be written to.</summary>
/// <param name="reason">What the file system said.</param>
public sealed class UnwritableFileException(IOException reason) : Exception(reason?.Message, reason);
