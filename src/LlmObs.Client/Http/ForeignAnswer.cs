namespace LlmObs.Client.Http;

/// <summary>
/// Tells the service's successes from those of somebody in its place: a captive portal or a proxy answers 200 with its sign-in
/// page. A body of the right type that can't be read is still the service's.
/// </summary>
internal static class ForeignAnswer
{
    private const int LongestHead = 512;

    // An answer of no type is a page where it begins as one; an upload's or an export's never does.
    private static readonly string[] Beginnings = ["<!doctype html", "<html", "<head", "<body", "<script", "<!--", "<?xml"];

    /// <summary>Whether an answer of this type is somebody else's.</summary>
    /// <param name="mediaType">The type; null where none is given.</param>
    /// <param name="accepts">The types that the service answers with; null where all but web pages are.</param>
    public static bool IsForeign(string? mediaType, Func<string, bool>? accepts) => mediaType?.ToLowerInvariant() switch
    {
        null => false,
        "text/html" or "application/xhtml+xml" => true,
        { } other => accepts?.Invoke(other) == false,
    };

    /// <summary>Whether a body begins as a web page.</summary>
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
