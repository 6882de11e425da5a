namespace LlmObs;

/// <summary>The kind of a failed call. Each kind is an error id in PowerShell.</summary>
public enum FailureKind
{
    /// <summary>400: the service refused the request's content.</summary>
    BadRequest,

    /// <summary>401: a key is missing or wrong.</summary>
    Unauthorized,

    /// <summary>403: the keys are known but may not do this.</summary>
    Forbidden,

    /// <summary>404: there is no such experiment, or no such path at this site.</summary>
    NotFound,

    /// <summary>409: the request conflicts with existing data.</summary>
    Conflict,

    /// <summary>413: the request, such as an upload or one event alone, is larger than the service takes.</summary>
    PayloadTooLarge,

    /// <summary>429: the rate limit stayed in force through every retry.</summary>
    RateLimited,

    /// <summary>5xx, and 408: the service failed through every retry.</summary>
    ServerError,

    /// <summary>3xx: the service pointed elsewhere; the keys are not sent there.</summary>
    Redirected,

    /// <summary>Any other status that is not a success.</summary>
    UnexpectedStatus,

    /// <summary>No answer within the time limit.</summary>
    Timeout,

    /// <summary>Nothing accepted the connection.</summary>
    ConnectionRefused,

    /// <summary>The connection broke before the answer was whole.</summary>
    ConnectionLost,

    /// <summary>The host name could not be resolved.</summary>
    NameNotResolved,

    /// <summary>No secure connection: the certificate or the protocol was not acceptable.</summary>
    TlsFailed,

    /// <summary>The proxy refused or could not be reached.</summary>
    ProxyFailed,

    /// <summary>The service reported success, but its answer could not be read. A write has taken effect; a list is incomplete.</summary>
    UnreadableAnswer,

    /// <summary>The service took a file, and then gave up on it; some of its records may be written.</summary>
    UploadFailed,

    /// <summary>The service accepted a file, but did not report the end.</summary>
    UploadUnfinished,

    /// <summary>2xx, but a web page or a file of another type: a proxy's sign-in page. The request has not reached the service.</summary>
    ForeignAnswer,

    /// <summary>The answer is larger than the limit; the request has to ask for less.</summary>
    AnswerTooLarge,
}
