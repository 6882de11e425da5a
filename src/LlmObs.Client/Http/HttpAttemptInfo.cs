using System.Globalization;
using System.Net.Http.Headers;

namespace LlmObs.Client.Http;

/// <summary>One attempt at one request. It holds nothing of a body, and of headers only what may be shown.</summary>
/// <param name="Path">The path, without the host.</param>
/// <param name="Number">1 for the first attempt.</param>
/// <param name="StatusCode">The status, if there was an answer.</param>
/// <param name="Failure">The kind of failure; null for a success, and, without a status, if the caller stopped it.</param>
/// <param name="Elapsed">From sending to the last byte of the answer.</param>
/// <param name="RetryAfter">The wait before the next attempt; null if this was the last.</param>
public sealed record HttpAttemptInfo(
    string Method, string Path, int Number, int? StatusCode, FailureKind? Failure, TimeSpan Elapsed, TimeSpan? RetryAfter)
{
    /// <summary>The whole address.</summary>
    public Uri? Address { get; init; }

    /// <summary>The headers that were sent; the values of all that may be secret are asterisks.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> RequestHeaders { get; init; } = [];

    /// <summary>The headers that came back, in the same way; empty if there was no answer.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> ResponseHeaders { get; init; } = [];

    /// <summary>The attempt in one line.</summary>
    /// <returns>For example <c>POST /api/v2/llm-obs/v1/experiments -> 429 RateLimited in 12 ms; again in 2.0 s (retry 1)</c>.</returns>
    public override string ToString()
    {
        string outcome = (StatusCode, Failure) switch
        {
            (int status, null) => $"{status}",
            (int status, FailureKind kind) => $"{status} {kind}",
            (null, FailureKind kind) => $"{kind}",
            _ => "stopped",
        };
        string line = FormattableString.Invariant($"{Method} {Path} -> {outcome} in {Elapsed.TotalMilliseconds:0} ms");
        return RetryAfter is TimeSpan wait ? FormattableString.Invariant($"{line}; again in {wait.TotalSeconds:0.0} s (retry {Number})") : line;
    }

    /// <summary>The attempt with its address and its headers, a line each.</summary>
    /// <returns>As <see cref="ToString"/>, and headers sent (<c>&gt;</c>) and received (<c>&lt;</c>).</returns>
    public string ToDetails()
    {
        IEnumerable<string> lines =
        [
            $"{Method} {Address} (attempt {Number.ToString(CultureInfo.InvariantCulture)})",
            .. RequestHeaders.Select(header => $"> {header.Key}: {header.Value}"),
            ToString(),
            .. ResponseHeaders.Select(header => $"< {header.Key}: {header.Value}"),
        ];
        return string.Join('\n', lines);
    }
}

/// <summary>Receives every request that was sent, for logs and counts. Called from any thread.</summary>
public interface IRequestObserver
{
    /// <summary>True if <see cref="HttpAttemptInfo.RequestHeaders"/> and <see cref="HttpAttemptInfo.ResponseHeaders"/> are to be filled.</summary>
    bool WantsHeaders => true;

    /// <summary>An attempt has ended.</summary>
    /// <param name="attempt">The request and its outcome.</param>
    void OnAttempt(HttpAttemptInfo attempt);
}

/// <summary>
/// Headers in a form for logs. Only the values of well-known harmless headers are shown; any other may be a
/// secret, and is replaced with three asterisks.
/// </summary>
internal static class RedactedHeaders
{
    private const string Hidden = "***";

    private static readonly HashSet<string> Harmless = new(StringComparer.OrdinalIgnoreCase)
    {
        "Accept", "Accept-Encoding", "Cache-Control", "Connection", "Content-Encoding", "Content-Length", "Content-Type", "Date",
        "Expect", "Host", "Retry-After", "Server", "Traceparent", "Transfer-Encoding", "User-Agent", "Via", "X-RateLimit-Limit",
        "X-RateLimit-Name", "X-RateLimit-Period", "X-RateLimit-Remaining", "X-RateLimit-Reset", "X-Request-Id", "DD-Request-Id",
    };

    /// <summary>The headers of a message and of its content, in their order.</summary>
    /// <param name="headers">The message's own.</param>
    /// <param name="content">The headers of its content.</param>
    /// <param name="options">The options with the keys that are not shown, even if a harmless header repeats one.</param>
    /// <returns>Names, and values that may be shown.</returns>
    public static IReadOnlyList<KeyValuePair<string, string>> Of(HttpHeaders headers, HttpContentHeaders? content, ClientOptions options)
    {
        var shown = new List<KeyValuePair<string, string>>();
        Add(headers);
        if (content is not null)
        {
            Add(content);
        }

        return shown;

        void Add(HttpHeaders from)
        {
            foreach ((string name, HeaderStringValues values) in from.NonValidated)
            {
                shown.Add(new(name, Harmless.Contains(name) ? options.WithoutKeys(values.ToString()) : Hidden));
            }
        }
    }
}
