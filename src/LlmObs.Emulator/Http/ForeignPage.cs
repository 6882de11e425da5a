using System.Net.Http.Headers;

namespace LlmObs.Emulator.Http;

/// <summary>
/// Refuses requests that only a foreign web page sends. A page in a browser on this machine can post to a loopback port, and
/// needs no permission if the body has the type of a form; but it can't hide its origin.
/// Source: the Fetch Standard (Origin, "CORS-safelisted request-header") and Fetch Metadata (Sec-Fetch-Site).
/// </summary>
internal static class ForeignPage
{
    private const string UploadEnd = "/records/upload";

    /// <summary>The reason why a request is refused; null if it is not. Programs send none of these headers, and JSON.</summary>
    public static Problem? Check(RequestHead head)
    {
        // A page that the emulator itself serves has the emulator's own address as its origin.
        bool isForeign = head.Headers["Origin"] is string origin && !origin.Equals("http://" + head.Headers["Host"], StringComparison.OrdinalIgnoreCase);
        return isForeign || head.Headers.HasWord("Sec-Fetch-Site", "cross-site")
            ? new Problem(403, "Requests of web pages from elsewhere are not served.")
            : CheckType(head);
    }

    private static Problem? CheckType(RequestHead head)
    {
        if (head.Length == 0 || head.Headers["Content-Type"] is not string type)
        {
            return null;
        }

        string? media = MediaTypeHeaderValue.TryParse(type, out MediaTypeHeaderValue? parsed) ? parsed.MediaType?.ToLowerInvariant() : null;
        bool isTaken = head.Path.EndsWith(UploadEnd, StringComparison.Ordinal) && media == "multipart/form-data"
            || media is "application/json" or "text/json"
            || (media is not null && media.StartsWith("application/", StringComparison.Ordinal) && media.EndsWith("+json", StringComparison.Ordinal));
        return isTaken ? null : new Problem(415, "A body is JSON (Content-Type: application/json); an upload of records is multipart/form-data.");
    }
}
