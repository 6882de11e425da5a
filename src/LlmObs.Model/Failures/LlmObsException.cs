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

/// <summary>One error of the service's answer; every field may be missing. Source: the JSON:API error model.</summary>
public sealed record ApiError
{
    /// <summary>A short summary (<c>title</c>).</summary>
    public string? Title { get; init; }

    /// <summary>What happened this time (<c>detail</c>).</summary>
    public string? Detail { get; init; }

    /// <summary>The HTTP status in words of the service (<c>status</c>).</summary>
    public string? Status { get; init; }

    /// <summary>A JSON pointer to the value that caused it (<c>source.pointer</c>).</summary>
    public string? Pointer { get; init; }

    /// <summary>The query parameter that caused it (<c>source.parameter</c>).</summary>
    public string? Parameter { get; init; }

    /// <summary>The request header that caused it (<c>source.header</c>).</summary>
    public string? Header { get; init; }

    /// <summary>The error in one line.</summary>
    /// <returns>Title and detail, and where in the request it is.</returns>
    public override string ToString()
    {
        string words = (Title, Detail) switch
        {
            (null, null) => "no reason given",
            (null, _) => Detail,
            (_, null) => Title,
            _ => $"{Title}: {Detail}",
        };
        string? place = Pointer ?? Parameter ?? Header;
        return place is null ? words : $"{words} (at {place})";
    }
}
