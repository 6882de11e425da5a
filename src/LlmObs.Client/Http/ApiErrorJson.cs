using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace LlmObs.Client.Http;

/// <summary>
/// The errors of an answer in any form: JSON:API objects, the plain texts of a 429, an HTML page of a
/// proxy, or none at all.
/// </summary>
internal static partial class ApiErrorJson
{
    private const int LongestExcerpt = 300;
    private const int LongestLookedAt = 16 * 1024;

    public static IReadOnlyList<ApiError> Read(ReadOnlyMemory<byte> body)
    {
        if (body.Span.IndexOfAnyExcept(" \t\r\n"u8) < 0)
        {
            return [];
        }

        try
        {
            using var document = JsonDocument.Parse(body);
            return ReadErrors(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // No JSON, or JSON with text that was cut inside a character: its words are still the service's words.
            ReadOnlySpan<byte> head = body.Span[..Math.Min(body.Length, LongestLookedAt)];
            return [new ApiError { Detail = Excerpt(Encoding.UTF8.GetString(head)) }];
        }
    }

    private static List<ApiError> ReadErrors(JsonElement root)
    {
        var errors = new List<ApiError>();
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("errors", out JsonElement list))
        {
            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("message", out JsonElement message) && LenientJson.Text(message) is string words)
            {
                return [new ApiError { Detail = Excerpt(words) }]; // as GitHub and Azure DevOps answer
            }

            return [new ApiError { Detail = Excerpt(root.GetRawText()) }];
        }

        IEnumerable<JsonElement> items = list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : [list];
        foreach (JsonElement item in items)
        {
            errors.Add(item.ValueKind == JsonValueKind.Object ? ReadError(item) : new ApiError { Detail = LenientJson.Text(item) ?? item.GetRawText() });
        }

        return errors;
    }

    private static ApiError ReadError(JsonElement item)
    {
        var error = new LenientObject(item, HostObjectJson.Default);
        var source = new LenientObject(error.Object("source") ?? default, HostObjectJson.Default);
        return new ApiError
        {
            Title = error.Text("title"),
            Detail = error.Text("detail"),
            Status = error.Text("status"),
            Pointer = source.Text("pointer"),
            Parameter = source.Text("parameter"),
            Header = source.Text("header"),
        };
    }

    /// <summary>The beginning of a text, without tags and on one line.</summary>
    public static string Excerpt(string text)
    {
        string plain = text.Length <= LongestLookedAt ? text : text[..LongestLookedAt];
        try
        {
            plain = Blanks().Replace(Tags().Replace(plain, " "), " ").Trim();
        }
        catch (RegexMatchTimeoutException)
        {
            // A page made of nothing but open tags is shown as it is.
        }

        return plain.Length <= LongestExcerpt ? plain : plain[..LongestExcerpt] + "…";
    }

    [GeneratedRegex("<(script|style)[^>]*>.*?</\\1>|<[^>]*>", RegexOptions.Singleline | RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Tags();

    [GeneratedRegex("\\s+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Blanks();
}
