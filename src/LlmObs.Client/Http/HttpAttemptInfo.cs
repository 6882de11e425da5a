using System.Globalization;

namespace LlmObs.Client.Http;

/// <summary>One attempt at one request. It holds nothing of a body, and of headers only what may be shown.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">The path, without the host.</param>
/// <param name="Number">1 for the first attempt.</param>
/// <param name="StatusCode">The status, where there was an answer.</param>
/// <param name="Failure">Why it failed; null for a success, and, without a status, where the caller stopped it.</param>
/// <param name="Elapsed">From sending to the last byte of the answer.</param>
/// <param name="RetryAfter">The wait before the next attempt; null where this was the last.</param>
public sealed record HttpAttemptInfo(
    string Method, string Path, int Number, int? StatusCode, FailureKind? Failure, TimeSpan Elapsed, TimeSpan? RetryAfter)
{
    /// <summary>The whole address.</summary>
    public Uri? Address { get; init; }

    /// <summary>The headers that were sent; the values of all that may be secret are asterisks.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> RequestHeaders { get; init; } = [];

    /// <summary>The headers that came back, in the same way; empty where there was no answer.</summary>
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
