using System.Globalization;
using System.Text;

namespace LlmObs.Emulator.Http;

/// <summary>
/// Reads a request's head by RFC 9112. What is ambiguous (two lengths, a length and chunks, folded lines) is refused rather
/// than guessed.
/// </summary>
internal static class RequestHeadParser
{
    private const int MaxMethodLength = 32;
    private const int MaxHeaders = 500;
    private const string NamePunctuation = "!#$%&'*+-.^_`|~";

    /// <summary>Reads a head.</summary>
    /// <param name="bytes">Its bytes, without the empty line at the end.</param>
    /// <param name="head">The head; null where there is a problem.</param>
    /// <returns>The problem; null where there is none.</returns>
    public static Problem? Parse(ReadOnlySpan<byte> bytes, out RequestHead? head)
    {
        head = null;
        string[] lines = Encoding.Latin1.GetString(bytes).Split("\r\n");
        string[] words = lines[0].Split(' ');
        if (words.Length != 3 || words[0].Length > MaxMethodLength || !IsName(words[0]))
        {
            return Problem.BadRequest("The request line is malformed.");
        }

        if (words[2] is not ("HTTP/1.1" or "HTTP/1.0"))
        {
            return new Problem(505, "Only HTTP/1.1 and HTTP/1.0 are understood.");
        }

        return ParseHeaders(lines.AsSpan(1), out HeaderList headers)
            ?? ParseTarget(words[1], out Target target)
            ?? ParseFraming(headers, out long? length)
            ?? Build(words, headers, target, length, out head);
    }

    private static Problem? Build(
        string[] words, HeaderList headers, Target target, long? length, out RequestHead? head)
    {
        head = null;
        bool isOld = words[2] == "HTTP/1.0";
        int hosts = headers.Values("Host").Count();
        if (hosts > 1 || (hosts == 0 && !isOld))
        {
            return Problem.BadRequest("A request has one Host header.");
        }

        string? expect = headers["Expect"];
        if (expect is not null && !expect.Equals("100-continue", StringComparison.OrdinalIgnoreCase))
        {
            return new Problem(417, "The only expectation that is understood is 100-continue.");
        }

        head = new RequestHead
        {
            Method = words[0],
            Path = target.Path,
            Query = target.Query,
            Authority = target.Authority,
            Headers = headers,
            Length = length,
            KeepAlive = isOld ? headers.HasWord("Connection", "keep-alive") : !headers.HasWord("Connection", "close"),
            ExpectsContinue = expect is not null && !isOld && length != 0,
        };
        return null;
    }

    private static Problem? ParseHeaders(ReadOnlySpan<string> lines, out HeaderList headers)
    {
        headers = new HeaderList();
        foreach (string line in lines)
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || !IsName(line[..colon]) || line.Any(character => char.IsControl(character) && character != '\t'))
            {
                return Problem.BadRequest("A header is malformed.");
            }

            if (headers.Count == MaxHeaders)
            {
                return new Problem(431, string.Create(CultureInfo.InvariantCulture, $"A request has at most {MaxHeaders} headers."));
            }

            headers.Add(line[..colon], line[(colon + 1)..].Trim(' ', '\t'));
        }

        return null;
    }

    private static Problem? ParseTarget(string text, out Target target)
    {
        const string Scheme = "http://";
        target = default;
        string? authority = null;
        string path = text;
        if (text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            int slash = text.IndexOf('/', Scheme.Length);
            (path, authority) = slash < 0 ? ("/", text[Scheme.Length..]) : (text[slash..], text[Scheme.Length..slash]);
        }
        else if (!text.StartsWith('/'))
        {
            return Problem.BadRequest("The request line has no path.");
        }

        path = path.Split('#', 2)[0];
        string[] parts = path.Split('?', 2);
        target = new Target(parts[0], parts.Length == 2 ? parts[1] : string.Empty, authority);
        return path.Any(char.IsControl) ? Problem.BadRequest("The path has control characters.") : null;
    }

    private static Problem? ParseFraming(HeaderList headers, out long? length)
    {
        length = 0;
        string[] lengths = [.. headers.Values("Content-Length").Distinct()];
        if (headers["Transfer-Encoding"] is { } transfer)
        {
            length = null;
            if (lengths.Length > 0)
            {
                return Problem.BadRequest("A request has either Content-Length or Transfer-Encoding.");
            }

            return transfer.Equals("chunked", StringComparison.OrdinalIgnoreCase)
                ? null
                : new Problem(501, "The only transfer encoding that is understood is chunked.");
        }

        if (lengths.Length == 0)
        {
            return null;
        }

        if (lengths.Length > 1 || !long.TryParse(lengths[0], NumberStyles.None, CultureInfo.InvariantCulture, out long value))
        {
            return Problem.BadRequest("The Content-Length is not a number of bytes.");
        }

        length = value;
        return null;
    }

    private static bool IsName(string text) => text.Length > 0 && text.All(character =>
        char.IsAsciiLetterOrDigit(character) || NamePunctuation.Contains(character, StringComparison.Ordinal));

    /// <summary>What the request line asks for.</summary>
    private readonly record struct Target(string Path, string Query, string? Authority);
}
