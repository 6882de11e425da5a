namespace LlmObs.Emulator.Http;

/// <summary>The last requests, bounded by count and bytes.</summary>
internal sealed class RequestLog(RequestLimits limits)
{
    // An allow-list, so that an unexpected header can't carry a secret in here.
    private static readonly HashSet<string> Harmless = new(StringComparer.OrdinalIgnoreCase)
    {
        "Accept", "Accept-Encoding", "Connection", "Content-Encoding", "Content-Length", "Content-Type", "Expect", "Host",
        "Transfer-Encoding", "User-Agent",
    };

    private readonly Lock _gate = new();
    private readonly Queue<LoggedRequest> _requests = new();
    private long _bytes;
    private long _count;

    /// <summary>All requests so far, kept or not.</summary>
    public long Count => Interlocked.Read(ref _count);

    public void Add(LoggedRequest request)
    {
        lock (_gate)
        {
            _count++;
            _requests.Enqueue(request);
            _bytes += request.Body.Length;
            while (_requests.Count > limits.MaxRecordedRequests || _bytes > limits.MaxRecordedBytes)
            {
                _bytes -= _requests.Dequeue().Body.Length;
            }
        }
    }

    public IReadOnlyList<LoggedRequest> Snapshot()
    {
        lock (_gate)
        {
            return [.. _requests];
        }
    }

    public static Dictionary<string, string?> Redact(HeaderList headers)
    {
        var kept = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (string name in headers.Names)
        {
            kept[name] = Harmless.Contains(name) ? headers[name] : null;
        }

        return kept;
    }
}

/// <summary>A request as it reached the emulator, and how it was answered.</summary>
public sealed record LoggedRequest
{
    /// <summary>The HTTP method.</summary>
    public required string Method { get; init; }

    /// <summary>The path as it was sent, without its query.</summary>
    public required string Path { get; init; }

    /// <summary>
    /// The headers by name, whatever the case. Only well-known harmless headers keep their value; every other one,
    /// <c>DD-API-KEY</c> and <c>DD-APPLICATION-KEY</c> among them, is there with null.
    /// </summary>
    public required IReadOnlyDictionary<string, string?> Headers { get; init; }

    /// <summary>The body after decompression, byte by byte; empty if there was none or it was refused unread.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The status answered; 0 if the connection was dropped instead.</summary>
    public int Status { get; init; }

    /// <summary>True if the request had a <c>DD-API-KEY</c>.</summary>
    public bool HasApiKey => Headers.ContainsKey("DD-API-KEY");

    /// <summary>True if the request had a <c>DD-APPLICATION-KEY</c>.</summary>
    public bool HasApplicationKey => Headers.ContainsKey("DD-APPLICATION-KEY");
}
