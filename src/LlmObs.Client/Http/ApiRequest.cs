namespace LlmObs.Client.Http;

/// <summary>A request as the transport needs it: it can be made anew for each attempt.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">The path below the base address, escaped, with its query, without a leading slash.</param>
/// <param name="MakeContent">Makes the content of one attempt; null for none.</param>
/// <param name="Repeat">When it may be sent again.</param>
internal sealed record ApiRequest(HttpMethod Method, string Path, Func<HttpContent?> MakeContent, RetrySafety Repeat)
{
    /// <summary>
    /// Takes the body of a success as it comes in, anew with each attempt; null where it is kept whole. The time limit then
    /// is one of silence, not of the whole exchange, and what is progress is up to it.
    /// </summary>
    public Func<Stream, IdleTimeout, CancellationToken, Task>? Receive { get; init; }

    /// <summary>Whether a success of this media type can be the service's; null where all but web pages can.</summary>
    public Func<string, bool>? Accepts { get; init; }
}
