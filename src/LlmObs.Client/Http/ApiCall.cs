using System.Text;

namespace LlmObs.Client.Http;

/// <summary>A request that is ready to be sent, and can be shown before it is.</summary>
/// <typeparam name="T">The type of its answer.</typeparam>
public sealed class ApiCall<T>
{
    private readonly ApiTransport _transport;
    private readonly Func<ApiAnswer, T> _read;

    internal ApiCall(ApiTransport transport, HttpMethod method, string path, ReadOnlyMemory<byte> body, RetrySafety repeat, Func<ApiAnswer, T> read)
    {
        _transport = transport;
        _read = read;
        Body = body;
        Request = new ApiRequest(method, path, () => body.IsEmpty ? null : new ReadOnlyMemoryContent(body), repeat);
    }

    /// <summary>The method, for example <c>POST</c>.</summary>
    public string Method => Request.Method.Method;

    /// <summary>The whole address.</summary>
    public Uri Address => _transport.AddressOf(Request);

    /// <summary>The body: UTF-8 JSON; empty if the request has none.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    internal ApiRequest Request { get; }

    /// <summary>Sends the request, and repeats it if that is allowed and useful.</summary>
    /// <param name="observer">Receives each attempt.</param>
    /// <param name="cancellation">Ends the call and its waits at once.</param>
    /// <returns>The answer, read.</returns>
    /// <exception cref="LlmObsException">The call failed.</exception>
    public async Task<T> SendAsync(IRequestObserver? observer = null, CancellationToken cancellation = default)
    {
        using ApiAnswer answer = await _transport.SendAsync(Request, observer, cancellation).ConfigureAwait(false);
        return _read(answer);
    }
}

/// <summary>A request as the transport needs it: its content can be made again for each attempt.</summary>
/// <param name="Path">The path below the base address, escaped, with its query, without a leading slash.</param>
/// <param name="MakeContent">Makes the content of one attempt; null for none.</param>
/// <param name="Repeat">When it may be sent again.</param>
internal sealed record ApiRequest(HttpMethod Method, string Path, Func<HttpContent?> MakeContent, RetrySafety Repeat)
{
    /// <summary>
    /// Receives the body of a success while it arrives, from the start with each attempt; null to keep it whole. The time limit
    /// is then one of silence instead of the whole exchange, and this function decides what counts as progress.
    /// </summary>
    public Func<Stream, IdleTimeout, CancellationToken, Task>? Receive { get; init; }

    /// <summary>True if a success of this media type can be the service's; null if all but web pages can.</summary>
    public Func<string, bool>? Accepts { get; init; }
}

/// <summary>The query of a request's path. Names and values are escaped, whatever they contain.</summary>
internal sealed class QueryString
{
    private readonly StringBuilder _text = new();

    /// <summary>Adds a value; null leaves it out.</summary>
    public QueryString Add(string name, string? value)
    {
        if (value is not null)
        {
            _text.Append(_text.Length == 0 ? '?' : '&').Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value));
        }

        return this;
    }

    /// <summary>Adds each value under the same name.</summary>
    public QueryString AddEach(string name, IEnumerable<string> values)
    {
        foreach (string value in values)
        {
            Add(name, value);
        }

        return this;
    }

    /// <summary>Adds <c>true</c>; false is left out, because it is the service's default.</summary>
    public QueryString AddFlag(string name, bool isSet) => Add(name, isSet ? "true" : null);

    /// <summary>Adds which part of a list is asked for.</summary>
    public QueryString AddPage(string? cursor, int limit) =>
        Add("page[limit]", limit.ToString(System.Globalization.CultureInfo.InvariantCulture)).Add("page[cursor]", cursor);

    /// <summary>A path followed by this query.</summary>
    public string Behind(string path) => path + _text;
}
