namespace LlmObs.Client.Http;

/// <summary>A request that is ready to be sent, and can be shown before it is.</summary>
/// <typeparam name="T">What its answer is read as.</typeparam>
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

    /// <summary>The body: UTF-8 JSON; empty where the request has none.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    internal ApiRequest Request { get; }

    /// <summary>Sends the request, again where that is allowed and of use.</summary>
    /// <param name="observer">Is told of each attempt.</param>
    /// <param name="cancellation">Ends the call and its waits at once.</param>
    /// <returns>The answer, read.</returns>
    /// <exception cref="LlmObsException">The call failed.</exception>
    public async Task<T> SendAsync(IRequestObserver? observer = null, CancellationToken cancellation = default)
    {
        ApiAnswer answer = await _transport.SendAsync(Request, observer, cancellation).ConfigureAwait(false);
        return _read(answer);
    }
}
