using System.Text.Json;

namespace LlmObs.Emulator.Search;

/// <summary>A checked search over experimentation entities. Both searches share it, except for their pages.</summary>
internal sealed record FindRequest
{
    private const int MaxQueryLength = 100_000;
    private const int UsualLimit = 100;

    private static readonly string[] KnownScopes = ["projects", "datasets", "dataset_records", "experiments", "experiment_runs"];

    public required IReadOnlyList<string> Scopes { get; init; }

    public required QueryNode Query { get; init; }

    public bool DeletedOnly { get; init; }

    public bool IncludeDeleted { get; init; }

    public bool IncludeUser { get; init; }

    /// <summary>The version of datasets whose records are meant; null for the current one.</summary>
    public long? Version { get; init; }

    /// <summary>The page of the search by cursor.</summary>
    public required PageRequest Page { get; init; }

    /// <summary>The page of the simple search, from 1 on.</summary>
    public int Number { get; init; } = 1;

    public required IReadOnlyList<SortField> Sort { get; init; }

    public static Problem? Read(ReadOnlyMemory<byte> body, out FindRequest? request)
    {
        request = null;
        if (BodyJson.Parse(body, out JsonDocument? document) is { } malformed)
        {
            return malformed;
        }

        using (document)
        {
            return Envelope.Open(document!, "experimentation", out JsonFields attributes) ?? Read(attributes, out request);
        }
    }

    public bool Wants(bool isDeleted) => IncludeDeleted || DeletedOnly == isDeleted;

    private static Problem? Read(JsonFields attributes, out FindRequest? request)
    {
        request = null;
        IReadOnlyList<string> scopes = [];
        IReadOnlyList<SortField> sort = [];
        QueryNode query = new QueryNode.All();
        bool? deletedOnly = null, includeDeleted = null, user = null;
        string? cursor = null;
        long? limit = null, number = null, version = null;
        var page = new PageRequest(null, UsualLimit);
        Problem? problem = attributes.RequiredObject("filter", out JsonFields filter)
            ?? ReadScopes(filter, out scopes)
            ?? ReadQuery(filter, out query)
            ?? filter.Boolean("is_deleted", out deletedOnly)
            ?? filter.Boolean("include_deleted", out includeDeleted)
            ?? filter.Integer("version", 0, long.MaxValue, out version)
            ?? attributes.OptionalObject("include", out JsonFields? include)
            ?? include?.Boolean("user_data", out user)
            ?? attributes.OptionalObject("page", out JsonFields? pageFields)
            ?? pageFields?.Text("cursor", out cursor)
            ?? pageFields?.Integer("limit", 1, int.MaxValue, out limit)
            ?? pageFields?.Integer("number", 1, int.MaxValue, out number)
            ?? PageRequest.Read(cursor, limit ?? UsualLimit, reason => Problem.BadRequest(reason, "/data/attributes/page/cursor"), out page)
            ?? SortField.Read(attributes, out sort);
        if (problem is null)
        {
            request = new FindRequest
            {
                Scopes = scopes,
                Query = query,
                DeletedOnly = deletedOnly ?? false,
                IncludeDeleted = includeDeleted ?? false,
                IncludeUser = user ?? false,
                Version = version,
                Page = page,
                Number = (int?)number ?? 1,
                Sort = sort,
            };
        }

        return problem;
    }

    private static Problem? ReadScopes(JsonFields filter, out IReadOnlyList<string> scopes)
    {
        if (filter.RequiredTexts("scope", out scopes) is { } problem)
        {
            return problem;
        }

        string? unknown = scopes.FirstOrDefault(scope => !KnownScopes.Contains(scope));
        return unknown is null
            ? null
            : Problem.BadRequest($"The scope '{unknown}' is unknown; known are {string.Join(", ", KnownScopes)}.", filter.PointerTo("scope"));
    }

    private static Problem? ReadQuery(JsonFields filter, out QueryNode query)
    {
        query = new QueryNode.All();
        string pointer = filter.PointerTo("query");
        if (filter.Text("query", out string? text) is { } problem)
        {
            return problem;
        }

        if (text?.Length > MaxQueryLength)
        {
            return Problem.BadRequest(FormattableString.Invariant($"'query' is longer than {MaxQueryLength} characters."), pointer);
        }

        if (text is not null && QueryParser.Parse(text, out QueryNode? node) is var fault)
        {
            query = node ?? query;
            return fault is null ? null : Problem.BadRequest(fault, pointer);
        }

        return null;
    }
}
