using System.Text.Json;

namespace LlmObs.Client.Http;

/// <summary>A success of the service.</summary>
/// <param name="StatusCode">The status, 2xx.</param>
/// <param name="Body">The body; empty if there was none.</param>
/// <param name="Attempts">The number of times that the request was sent.</param>
/// <param name="BodyLoss">The reason why the body is incomplete; null if it is complete.</param>
/// <param name="Options">The options with the keys that must not appear in texts.</param>
internal sealed record ApiAnswer(
    ApiRequest Request, int StatusCode, ReadOnlyMemory<byte> Body, int Attempts, Exception? BodyLoss, ClientOptions Options) : IDisposable
{
    /// <summary>The rented array that the body is in; null if it is not rented.</summary>
    public PooledBuffer? Rented { get; init; }

    public bool HasBody => Body.Span.IndexOfAnyExcept(" \t\r\n"u8) >= 0;

    /// <summary>Reads the body. A success that can't be read is reported as such and never sent again: the write has landed.</summary>
    /// <exception cref="LlmObsException">The body is missing, torn, not JSON, or lacks a required field.</exception>
    public T ReadJson<T>(Func<JsonElement, T> read)
    {
        try
        {
            if (BodyLoss is not null)
            {
                throw Unreadable($"it broke off ({BodyLoss.Message.TrimEnd('.')})", BodyLoss);
            }

            using var document = JsonDocument.Parse(Body, new JsonDocumentOptions { MaxDepth = JsonDefaults.AnswerDepth });
            return read(document.RootElement);
        }
        catch (JsonException e)
        {
            throw Unreadable(HasBody ? "it is not JSON" : "it is empty", e);
        }
        catch (InvalidOperationException e)
        {
            throw Unreadable("it holds text that is not Unicode", e);
        }
        catch (FormatException e)
        {
            throw Unreadable(e.Message, e);
        }
    }

    /// <summary>
    /// Reads the body, if there is one that can be read. The write has taken effect whatever the body is: if it can't be
    /// read, the caller still knows the data that it wrote.
    /// </summary>
    public T? TryReadJson<T>(Func<JsonElement, T> read)
        where T : class
    {
        if (!HasBody || BodyLoss is not null)
        {
            return null;
        }

        try
        {
            return ReadJson(read);
        }
        catch (LlmObsException e) when (e.Kind == FailureKind.UnreadableAnswer)
        {
            return null;
        }
    }

    /// <summary>Gives the body's memory back; nobody may read it after that.</summary>
    public void Dispose() => Rented?.Dispose();

    /// <summary>The failure of a success with the wrong kind of body.</summary>
    public LlmObsException Unreadable(string reason, Exception? inner) => FailureMessages.Of(
        FailureKind.UnreadableAnswer,
        $"{Request.Method} /{Request.Path} succeeded ({StatusCode}), but its answer can't be read: {reason}.",
        this,
        inner);
}

/// <summary>
/// Distinguishes the service's successes from others: a captive portal or a proxy answers 200 with its sign-in
/// page. A body of the right type that can't be read is still the service's.
/// </summary>
internal static class ForeignAnswer
{
    private const int LongestHead = 512;

    // An answer without a type counts as a page if it begins like one; an upload's or an export's never does.
    private static readonly string[] Beginnings = ["<!doctype html", "<html", "<head", "<body", "<script", "<!--", "<?xml"];

    /// <summary>True if an answer of this type is somebody else's.</summary>
    /// <param name="mediaType">The type; null if none is given.</param>
    /// <param name="accepts">The types that the service answers with; null if all but web pages are.</param>
    public static bool IsForeign(string? mediaType, Func<string, bool>? accepts) => mediaType?.ToLowerInvariant() switch
    {
        null => false,
        "text/html" or "application/xhtml+xml" => true,
        { } other => accepts?.Invoke(other) == false,
    };

    /// <summary>True if a body begins as a web page.</summary>
    public static bool IsPage(ReadOnlySpan<byte> body)
    {
        if (body.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
        {
            body = body[3..];
        }

        string head = System.Text.Encoding.Latin1.GetString(body[..Math.Min(body.Length, LongestHead)]).TrimStart();
        return Beginnings.Any(beginning => head.StartsWith(beginning, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Looks at the beginning of a body.</summary>
    /// <returns>The body, still whole, and its beginning.</returns>
    public static async Task<(Stream Body, ReadOnlyMemory<byte> Head)> PeekAsync(Stream body, CancellationToken cancellation)
    {
        byte[] head = new byte[LongestHead];
        int count = await BrokenCompression.ReadAsync(body, head, cancellation).ConfigureAwait(false);
        return (new PrefixedStream(head.AsMemory(0, count), body), head.AsMemory(0, count));
    }
}
