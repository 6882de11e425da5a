namespace LlmObs;

/// <summary>A failed call, with the service's errors.</summary>
/// <param name="kind">The kind of failure.</param>
/// <param name="message">The message for people.</param>
/// <param name="inner">The exception underneath, if any.</param>
public sealed class LlmObsException(FailureKind kind, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The kind of failure.</summary>
    public FailureKind Kind { get; } = kind;

    /// <summary>The HTTP status, if there was an answer.</summary>
    public int? StatusCode { get; init; }

    /// <summary>The request's method.</summary>
    public string? Method { get; init; }

    /// <summary>The request's path, without the host.</summary>
    public string? Path { get; init; }

    /// <summary>The number of times that the request was sent.</summary>
    public int Attempts { get; init; } = 1;

    /// <summary>The service's errors; empty if it sent none that could be read.</summary>
    public IReadOnlyList<ApiError> Errors { get; init; } = [];
}

/// <summary>One error of the service's answer; every field may be missing. Source: the JSON:API error model.</summary>
public sealed record ApiError
{
    /// <summary>A short summary (<c>title</c>).</summary>
    public string? Title { get; init; }

    /// <summary>The details of this occurrence (<c>detail</c>).</summary>
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
    /// <returns>Title and detail, and the place in the request.</returns>
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
