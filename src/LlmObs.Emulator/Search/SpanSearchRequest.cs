using System.Globalization;
using System.Text.Json;

namespace LlmObs.Emulator.Search;

/// <summary>A checked search over spans: from the parameters of a list, or from the body of a search.</summary>
internal sealed record SpanSearchRequest
{
    private const int UsualLimit = 10;
    private const string UsualFrom = "now-15m";

    /// <summary>The required values of these fields; fields that were not given are left out.</summary>
    public required IReadOnlyList<(string Field, string Value)> Fields { get; init; }

    /// <summary>The query; null for none. It takes precedence over the fields, as documented.</summary>
    public QueryNode? Query { get; init; }

    /// <summary>The first start of spans, nanoseconds since 1970.</summary>
    public required long FromNs { get; init; }

    /// <summary>The last start of spans, nanoseconds since 1970.</summary>
    public required long ToNs { get; init; }

    /// <summary>True if the latest arrival is the first on the list.</summary>
    public required bool IsNewestFirst { get; init; }

    /// <summary>The page.</summary>
    public required PageRequest Page { get; init; }

    public static Problem? Read(QueryParameters parameters, DateTimeOffset now, out SpanSearchRequest? request)
    {
        request = null;
        string? limitText = parameters["page[limit]"];
        long limit = UsualLimit;
        if (limitText is not null && (!long.TryParse(limitText, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit < 1))
        {
            return Problem.WrongParameter("page[limit]", $"'page[limit]' must be a number from 1 on, not '{limitText}'.");
        }

        string Name(string field) => $"filter[{field}]";
        return Read(
            field => parameters[Name(field)], parameters["sort"], parameters["page[cursor]"], limit, 0, now, (field, reason) => Problem.WrongParameter(field is "sort" or "page[cursor]" ? field : Name(field), reason), out request);
    }

    public static Problem? Read(ReadOnlyMemory<byte> body, DateTimeOffset now, out SpanSearchRequest? request)
    {
        request = null;
        if (BodyJson.Parse(body, out JsonDocument? document) is { } malformed)
        {
            return malformed;
        }

        using (document)
        {
            return Envelope.Open(document!, "spans", out JsonFields attributes) ?? Read(attributes, now, out request);
        }
    }

    private static Problem? Read(JsonFields attributes, DateTimeOffset now, out SpanSearchRequest? request)
    {
        request = null;
        string? sort = null, cursor = null;
        long? limit = null, offset = null;
        var texts = new Dictionary<string, string?>(StringComparer.Ordinal);
        Problem? problem = attributes.OptionalObject("filter", out JsonFields? filter)
            ?? attributes.OptionalObject("page", out JsonFields? page)
            ?? attributes.OptionalObject("options", out JsonFields? options)
            ?? attributes.Text("sort", out sort)
            ?? page?.Text("cursor", out cursor)
            ?? page?.Integer("limit", 1, int.MaxValue, out limit)
            ?? options?.Integer("time_offset", long.MinValue / 1_000_000_000, long.MaxValue / 1_000_000_000, out offset);
        if (problem is null && filter is JsonFields given)
        {
            foreach (string field in SpanFinder.Fields.Concat(["query", "from", "to"]))
            {
                problem ??= given.Text(field, out string? text) ?? Keep(texts, field, text);
            }
        }

        return problem ?? Read(
            texts.GetValueOrDefault, sort, cursor, limit ?? UsualLimit, offset ?? 0, now,
            (field, reason) => Problem.BadRequest(reason, field == "sort" ? "/data/attributes/sort" : field == "page[cursor]" ? "/data/attributes/page/cursor" : $"/data/attributes/filter/{field}"),
            out request);
    }

    private static Problem? Keep(Dictionary<string, string?> texts, string field, string? text)
    {
        texts[field] = text;
        return null;
    }

    private static Problem? Read(
        Func<string, string?> filter, string? sort, string? cursor, long limit, long offsetSec, DateTimeOffset now, Func<string, string, Problem> refuse, out SpanSearchRequest? request)
    {
        request = null;
        if (!TryReadTime(filter("from") ?? UsualFrom, now, out DateTimeOffset from))
        {
            return refuse("from", $"'from' must be a time (ISO 8601, or as now-15m), not '{filter("from")}'.");
        }

        if (!TryReadTime(filter("to") ?? "now", now, out DateTimeOffset to))
        {
            return refuse("to", $"'to' must be a time (ISO 8601, or as now-15m), not '{filter("to")}'.");
        }

        if (sort is not null && sort.TrimStart('-') is not ("timestamp" or "start_ns"))
        {
            return refuse("sort", $"'sort' must be timestamp or start_ns, with - before it for the newest first, not '{sort}'.");
        }

        QueryNode? query = null;
        if (filter("query") is { Length: > 0 } text && QueryParser.Parse(text, out query) is { } fault)
        {
            return refuse("query", fault);
        }

        if (PageRequest.Read(cursor, limit, reason => refuse("page[cursor]", reason), out PageRequest page) is { } problem)
        {
            return problem;
        }

        request = new SpanSearchRequest
        {
            Fields = [.. SpanFinder.Fields.Select(field => (field, filter(field)!)).Where(one => !string.IsNullOrEmpty(one.Item2))],
            Query = query,
            FromNs = Nanoseconds(from.AddSeconds(offsetSec)),
            ToNs = Nanoseconds(to.AddSeconds(offsetSec)),
            IsNewestFirst = sort is null || sort.StartsWith('-'),
            Page = page,
        };
        return null;
    }

    private static bool TryReadTime(string text, DateTimeOffset now, out DateTimeOffset time)
    {
        time = now;
        if (!text.StartsWith("now", StringComparison.Ordinal))
        {
            return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);
        }

        if (text.Length == 3)
        {
            return true;
        }

        int seconds = text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86400, 'w' => 604800, _ => 0 };
        if (seconds == 0 || text[3] != '-' || text.Length < 6 || !int.TryParse(text[4..^1], NumberStyles.None, CultureInfo.InvariantCulture, out int count)
            || (long)count * seconds > TimeSpan.FromDays(36500).TotalSeconds)
        {
            return false;
        }

        time = now.AddSeconds(-(long)count * seconds);
        return true;
    }

    private static long Nanoseconds(DateTimeOffset time)
    {
        decimal exact = (time - DateTimeOffset.UnixEpoch).Ticks * 100m;
        return (long)Math.Clamp(exact, long.MinValue, long.MaxValue);
    }
}
