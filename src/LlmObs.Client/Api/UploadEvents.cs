using System.Globalization;
using System.IO.Pipelines;
using System.Net.ServerSentEvents;
using System.Text.Json;

namespace LlmObs.Client.Api;

/// <summary>
/// The service's answer while it imports a file of records: server-sent events <c>progress</c>, and at the end
/// <c>completed</c> or <c>error</c>. Source: "Upload records to an Agent Observability dataset". The path that Datadog's SDKs
/// use was observed to answer with JSON, which counts as the end.
/// </summary>
internal sealed class UploadEvents(Action<long>? progress)
{
    // The documentation names only the first; the names of a progress event's counts are not documented.
    private static readonly string[] CountNames = ["records_created", "records_written", "records_processed", "count"];

    /// <summary>The number of new records, after the service reported the end; null before.</summary>
    public long? Created { get; private set; }

    /// <summary>True if the service reported the end, even without the number of records.</summary>
    public bool IsDone { get; private set; }

    /// <summary>The service's error, if there was one.</summary>
    public string? Error { get; private set; }

    /// <summary>The number of records written at the last report; 0 if there was none.</summary>
    public long Written { get; private set; }

    /// <summary>Reads to the last event.</summary>
    /// <param name="stream">The answer.</param>
    /// <param name="idle">Is broken by a count that rises: comments, and the same count again, are no progress.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public async Task ReadAsync(Stream stream, IdleTimeout idle, CancellationToken cancellation)
    {
        (Created, IsDone, Error, Written) = (null, false, null, 0);
        var pipe = PipeReader.Create(new BoundedEvents(stream), new StreamPipeReaderOptions(leaveOpen: true));
        if (await IsObjectAsync(pipe, cancellation).ConfigureAwait(false))
        {
            await ReadDocumentAsync(pipe.AsStream(), cancellation).ConfigureAwait(false);
            return;
        }

        await foreach (SseItem<string> item in SseParser.Create(pipe.AsStream()).EnumerateAsync(cancellation).ConfigureAwait(false))
        {
            switch (item.EventType)
            {
                case "completed":
                    (Created, IsDone) = (Count(item.Data) ?? 0, true);
                    return;
                case "error":
                    Error = Message(item.Data);
                    return;
                case "progress" when Count(item.Data) is long written:
                    if (written > Written)
                    {
                        idle.Restart();
                    }

                    Written = written;
                    progress?.Invoke(written);
                    break;
            }
        }
    }

    /// <summary>Looks at the first bytes, and leaves them to be read.</summary>
    private static async Task<bool> IsObjectAsync(PipeReader pipe, CancellationToken cancellation)
    {
        ReadResult read = await pipe.ReadAsync(cancellation).ConfigureAwait(false);
        bool isObject = !read.Buffer.IsEmpty && read.Buffer.FirstSpan[0] == (byte)'{';
        pipe.AdvanceTo(read.Buffer.Start);
        return isObject;
    }

    private async Task ReadDocumentAsync(Stream stream, CancellationToken cancellation)
    {
        using var reader = new StreamReader(stream);
        string text = await reader.ReadToEndAsync(cancellation).ConfigureAwait(false);
        try
        {
            using var document = JsonDocument.Parse(text);
            JsonElement root = document.RootElement;
            if (ResourceJson.Member(root, "errors") is JsonElement { ValueKind: JsonValueKind.Array } errors && errors.GetArrayLength() > 0)
            {
                Error = ResourceJson.Member(errors[0], "detail") is JsonElement detail ? LenientJson.Text(detail) : errors[0].ToString();
                Error = ApiErrorJson.Excerpt(Error ?? "no reason was given");
                return;
            }

            JsonElement attributes = ResourceJson.Member(root, "data") is JsonElement data ? ResourceJson.Content(data) : root;
            IsDone = true;
            Created = CountNames.Select(name => ResourceJson.Member(attributes, name)).FirstOrDefault(found => found is not null) is JsonElement count
                ? LenientJson.Integer(count)
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // It broke off, or contains invalid text: it is unknown if the file was accepted.
        }
    }

    private static long? Count(string data) => Read(data, root =>
        root.ValueKind == JsonValueKind.Number ? LenientJson.Integer(root)
        : CountNames.Select(name => ResourceJson.Member(root, name)).FirstOrDefault(found => found is not null) is JsonElement named ? LenientJson.Integer(named)
        : root.ValueKind == JsonValueKind.Object ? root.EnumerateObject().Select(member => LenientJson.Integer(member.Value)).FirstOrDefault(number => number is not null)
        : null);

    private static string Message(string data) => ApiErrorJson.Excerpt(
        Read(data, root => ResourceJson.Member(root, "message") is JsonElement message ? LenientJson.Text(message) : null)
        ?? (string.IsNullOrWhiteSpace(data) ? "no reason was given" : data));

    private static T? Read<T>(string data, Func<JsonElement, T?> read)
    {
        try
        {
            using var document = JsonDocument.Parse(data);
            return read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return default;
        }
    }

    /// <summary>
    /// The answer, as long as no event in it is larger than <see cref="Largest"/>: the parser keeps an event until its end, and
    /// a service can send a line without one.
    /// </summary>
    private sealed class BoundedEvents(Stream inner) : Stream
    {
        private const int Largest = 1024 * 1024;

        private int _length; // of the event
        private bool _isLineStart = true;
        private bool _isAfterReturn;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int read = await BrokenCompression.ReadAsync(inner, buffer, cancellationToken).ConfigureAwait(false);
            Measure(buffer.Span[..read]);
            return read;
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        private void Measure(ReadOnlySpan<byte> bytes)
        {
            foreach (byte one in bytes)
            {
                bool isSecondOfTwo = one == '\n' && _isAfterReturn; // of CR LF, which is one line break
                _isAfterReturn = one == '\r';
                if (isSecondOfTwo)
                {
                    continue;
                }

                bool isBreak = one is (byte)'\n' or (byte)'\r';
                _length = isBreak && _isLineStart ? 0 : _length + 1; // an empty line ends an event
                _isLineStart = isBreak;
                if (_length > Largest)
                {
                    throw new IOException(string.Create(CultureInfo.InvariantCulture, $"it sent more than {Largest / 1024} KiB without an end"));
                }
            }
        }
    }
}
