using System.Net.Http.Headers;

namespace LlmObs.Client.Http;

/// <summary>
/// Headers as logs may show them. Only the values of well-known harmless headers are shown; what is on no list may be a
/// secret, and three asterisks stand in its place.
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
    /// <param name="content">Those of its content.</param>
    /// <param name="options">Whose keys are not shown, also where a harmless header repeats one.</param>
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
