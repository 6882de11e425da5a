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
    /// <param name="head">The head; null if there is a problem.</param>
    /// <returns>The problem; null if there is none.</returns>
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

    /// <summary>The target of the request line.</summary>
    private readonly record struct Target(string Path, string Query, string? Authority);
}

/// <summary>The part of a request before its body.</summary>
internal sealed record RequestHead
{
    public required string Method { get; init; }

    /// <summary>The path as it was sent, without its query; nothing in it is resolved.</summary>
    public required string Path { get; init; }

    /// <summary>The query unchanged, without its question mark; empty if there is none. It is not recorded: keys were seen in queries.</summary>
    public string Query { get; init; } = string.Empty;

    /// <summary>The host in the request line, if that has a whole address.</summary>
    public string? Authority { get; init; }

    public required HeaderList Headers { get; init; }

    /// <summary>The body's length in bytes; null if it comes in chunks.</summary>
    public long? Length { get; init; } = 0;

    /// <summary>True if the connection may be used for another request.</summary>
    public bool KeepAlive { get; init; }

    /// <summary>True if the client waits for permission to send the body.</summary>
    public bool ExpectsContinue { get; init; }
}

/// <summary>The headers of a request, in their order.</summary>
internal sealed class HeaderList
{
    private readonly List<KeyValuePair<string, string>> _headers = [];

    public int Count => _headers.Count;

    public IEnumerable<string> Names => _headers.Select(header => header.Key);

    /// <summary>A header's value; of several lines all values, separated by commas; null if it is missing.</summary>
    public string? this[string name]
    {
        get
        {
            string[] values = [.. Values(name)];
            return values.Length == 0 ? null : string.Join(", ", values);
        }
    }

    public IEnumerable<string> Values(string name) =>
        _headers.Where(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(header => header.Value);

    public void Add(string name, string value) => _headers.Add(new(name, value));

    /// <summary>True if a header's comma-separated list has a word.</summary>
    public bool HasWord(string name, string word) =>
        this[name] is { } value
        && value.Split(',', StringSplitOptions.TrimEntries).Contains(word, StringComparer.OrdinalIgnoreCase);
}

/// <summary>The query of a request, decoded; a name may come more than once.</summary>
internal sealed class QueryParameters
{
    private readonly List<KeyValuePair<string, string>> _parameters = [];

    /// <param name="query">The text after the question mark.</param>
    public QueryParameters(string query)
    {
        foreach (string part in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            _parameters.Add(equals < 0 ? new(Decode(part), string.Empty) : new(Decode(part[..equals]), Decode(part[(equals + 1)..])));
        }
    }

    /// <summary>A parameter's first value; null if it is missing or empty.</summary>
    public string? this[string name] => Values(name).FirstOrDefault(value => value.Length > 0);

    public IReadOnlyList<string> Values(string name) =>
        [.. _parameters.Where(parameter => parameter.Key == name).Select(parameter => parameter.Value)];

    /// <summary>A parameter that is true or false; false if it is missing.</summary>
    public Problem? Flag(string name, out bool value)
    {
        string? text = this[name];
        return bool.TryParse(text, out value) || text is null
            ? null
            : Problem.WrongParameter(name, $"'{name}' must be true or false, not '{text}'.");
    }

    // Some clients write a space as a plus.
    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}

/// <summary>The limits of one request.</summary>
internal sealed record RequestLimits
{
    public static RequestLimits Default { get; } = new();

    /// <summary>The largest body, as sent and after decompression, in bytes.</summary>
    public int MaxBodyBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>The bytes of an over-long body to read and discard, so that its sender gets to read the 413.</summary>
    public long MaxDrainBytes { get; init; } = 1024L * 1024 * 1024;

    /// <summary>The longest time for a body to arrive.</summary>
    public TimeSpan BodyTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest time for a request's head to arrive, from its first byte.</summary>
    public TimeSpan HeadTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest idle time of a connection.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The longest time of an aggregate.</summary>
    public TimeSpan AggregateTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest time that stopping waits for running answers.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The most requests that are kept for inspection.</summary>
    public int MaxRecordedRequests { get; init; } = 2000;

    /// <summary>The most bytes of bodies that are kept for inspection.</summary>
    public long MaxRecordedBytes { get; init; } = 16L * 1024 * 1024;
}
