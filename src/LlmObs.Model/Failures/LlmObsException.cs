namespace LlmObs;

/// <summary>A call that failed, with what the service said.</summary>
/// <param name="kind">Why it failed.</param>
/// <param name="message">What happened, for people.</param>
/// <param name="inner">The exception underneath, if any.</param>
public sealed class LlmObsException(FailureKind kind, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Why it failed.</summary>
    public FailureKind Kind { get; } = kind;

    /// <summary>The HTTP status, where there was an answer.</summary>
    public int? StatusCode { get; init; }

    /// <summary>The request's method.</summary>
    public string? Method { get; init; }

    /// <summary>The request's path, without the host.</summary>
    public string? Path { get; init; }

    /// <summary>How often the request was sent.</summary>
    public int Attempts { get; init; } = 1;

    /// <summary>The service's errors; empty where it gave none that could be read.</summary>
    public IReadOnlyList<ApiError> Errors { get; init; } = [];
}
