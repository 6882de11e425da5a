using System.Net.Http.Headers;
using System.Net.Sockets;

namespace LlmObs.Client.Http;

/// <summary>The result of one attempt: an answer, or the reason why there is none.</summary>
internal sealed record HttpAttemptResult
{
    public int? StatusCode { get; init; }

    public HttpResponseHeaders? Headers { get; init; }

    /// <summary>The answer's headers as logs may show them.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> ResponseHeaders { get; init; } = [];

    /// <summary>The type of the body; null if the answer does not name it, or in an unknown form.</summary>
    public string? MediaType { get; init; }

    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The rented array that the body is in; null if it is not rented. Where it is not given back, it is garbage.</summary>
    public PooledBuffer? Rented { get; init; }

    /// <summary>Null for a success.</summary>
    public FailureKind? Failure { get; init; }

    /// <summary>The exception, if there was one; with a success, the one that was thrown while the body was read.</summary>
    public Exception? Exception { get; init; }

    public TimeSpan Elapsed { get; init; }

    public static FailureKind? KindOf(int status) => status switch
    {
        >= 200 and < 300 => null,
        >= 300 and < 400 => FailureKind.Redirected,
        400 or 422 => FailureKind.BadRequest,
        401 => FailureKind.Unauthorized,
        403 => FailureKind.Forbidden,
        404 => FailureKind.NotFound,
        407 => FailureKind.ProxyFailed,
        408 => FailureKind.ServerError,
        409 => FailureKind.Conflict,
        413 => FailureKind.PayloadTooLarge,
        429 => FailureKind.RateLimited,
        >= 500 => FailureKind.ServerError,
        _ => FailureKind.UnexpectedStatus,
    };

    public static FailureKind KindOf(Exception exception, bool throughProxy) => exception switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => throughProxy ? FailureKind.ProxyFailed : FailureKind.NameNotResolved,
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => throughProxy ? FailureKind.ProxyFailed : FailureKind.ConnectionRefused,
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError, InnerException: IOException { InnerException: SocketException } } => FailureKind.ConnectionLost, // reset while it was made
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => FailureKind.TlsFailed,
        HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError } => FailureKind.ProxyFailed,
        _ => FailureKind.ConnectionLost,
    };
}
