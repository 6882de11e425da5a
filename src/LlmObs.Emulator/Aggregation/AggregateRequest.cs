using System.Text.Json;

namespace LlmObs.Emulator.Aggregation;

/// <summary>A checked request for an aggregate.</summary>
internal sealed record AggregateRequest
{
    /// <summary>The index of evaluation metrics, the only one there is.</summary>
    public const string EvaluationIndex = AggregateQuery.EvaluationIndex;

    /// <summary>The default number of groups in an answer, from the documented example.</summary>
    public const int DefaultLimit = 1000;

    private const int MaxComputes = 100;
    private const int MaxGroupFields = 20;
    private const int MaxQueryLength = 100_000;
    private const string Root = "/data/attributes/aggregate";

    public required IReadOnlyList<Computation> Computations { get; init; }

    public required IReadOnlyList<string> GroupBy { get; init; }

    public required QueryNode Query { get; init; }

    public int Limit { get; init; } = DefaultLimit;

    public long? DatasetVersion { get; init; }

    /// <summary>The first time that counts, in ms since the epoch.</summary>
    public long From { get; init; } = long.MinValue;

    /// <summary>The last time that counts, in ms since the epoch.</summary>
    public long To { get; init; } = long.MaxValue;

    public static Problem? Read(ReadOnlyMemory<byte> body, out AggregateRequest? request)
    {
        request = null;
        if (BodyJson.Parse(body, out JsonDocument? document) is { } malformed)
        {
            return malformed;
        }

        using (document)
        {
            return Envelope.Open(document!, "experimentation", out JsonFields attributes)
                ?? attributes.RequiredObject("aggregate", out JsonFields aggregate)
                ?? Read(aggregate, out request);
        }
    }

    private static Problem? Read(JsonFields aggregate, out AggregateRequest? request)
    {
        request = null;
        List<string> groupBy = [];
        QueryNode query = new QueryNode.All();
        long? limit = null, version = null;
        (long From, long To) time = default;
        Problem? problem = ReadCompute(aggregate, out List<Computation> computations)
            ?? ReadIndexes(aggregate)
            ?? ReadSearch(aggregate, out query)
            ?? ReadGroupBy(aggregate, out groupBy)
            ?? aggregate.Integer("limit", 1, int.MaxValue, out limit)
            ?? aggregate.Integer("dataset_version", long.MinValue, long.MaxValue, out version)
            ?? ReadTime(aggregate, out time);
        if (problem is null)
        {
            request = new AggregateRequest
            {
                Computations = computations,
                GroupBy = groupBy,
                Query = query,
                Limit = (int?)limit ?? DefaultLimit,
                DatasetVersion = version,
                From = time.From,
                To = time.To,
            };
        }

        return problem;
    }

    private static Problem? ReadCompute(JsonFields aggregate, out List<Computation> computations)
    {
        var found = computations = [];
        return ReadList(aggregate, "compute", MaxComputes, least: 1, (item, pointer) =>
        {
            if (item.ValueKind != JsonValueKind.Object)
            {
                return Problem.WrongType("compute", "a list of objects", BodyJson.NameOf(item.ValueKind), pointer);
            }

            var fields = new JsonFields(item, pointer);
            string? alias = null;
            if ((fields.RequiredText("metric", out string metric) ?? fields.Text("name", out alias)) is { } problem)
            {
                return problem;
            }

            string key = string.IsNullOrEmpty(alias) ? metric : alias;
            if (found.Exists(computation => computation.Key == key))
            {
                return Problem.BadRequest($"'{key}' is computed twice; give each computation a 'name' of its own.", pointer);
            }

            found.Add(new Computation(metric, key));
            return CheckName(metric, pointer + "/metric");
        });
    }

    private static Problem? ReadIndexes(JsonFields aggregate) => ReadList(
        aggregate,
        "indexes",
        int.MaxValue,
        least: 1,
        (item, pointer) =>
        {
            if (item.ValueKind != JsonValueKind.String)
            {
                return Problem.WrongType("indexes", "a list of strings", BodyJson.NameOf(item.ValueKind), pointer);
            }

            return item.GetString() == EvaluationIndex
                ? null
                : Problem.BadRequest($"The index '{item.GetString()}' is unknown; known is '{EvaluationIndex}'.", pointer);
        });

    private static Problem? ReadSearch(JsonFields aggregate, out QueryNode query)
    {
        query = new QueryNode.All();
        if (aggregate.RequiredObject("search", out JsonFields search) is { } problem)
        {
            return problem;
        }

        string pointer = search.PointerTo("query");
        if (search.Text("query", out string? text) is { } wrong)
        {
            return wrong;
        }

        if (text is null)
        {
            return Problem.Missing("query", pointer);
        }

        if (text.Length > MaxQueryLength)
        {
            return Problem.BadRequest(FormattableString.Invariant($"'query' is longer than {MaxQueryLength} characters."), pointer);
        }

        if (QueryParser.Parse(text, out QueryNode? node) is { } fault)
        {
            return Problem.BadRequest(fault, pointer);
        }

        query = node!;
        return null;
    }

    private static Problem? ReadGroupBy(JsonFields aggregate, out List<string> groupBy)
    {
        var found = groupBy = [];
        return ReadList(aggregate, "group_by", MaxGroupFields, least: 0, (item, pointer) =>
        {
            if (item.ValueKind != JsonValueKind.Object)
            {
                return Problem.WrongType("group_by", "a list of objects", BodyJson.NameOf(item.ValueKind), pointer);
            }

            if (new JsonFields(item, pointer).RequiredText("field", out string field) is { } problem)
            {
                return problem;
            }

            if (found.Contains(field))
            {
                return Problem.BadRequest($"'{field}' is grouped by twice.", pointer + "/field");
            }

            found.Add(field);
            return CheckName(field, pointer + "/field");
        });
    }

    private static Problem? ReadTime(JsonFields aggregate, out (long From, long To) time)
    {
        time = (long.MinValue, long.MaxValue);
        if (aggregate.Required("time", out _) is not null)
        {
            return null;
        }

        long? from = null, to = null;
        Problem? problem = aggregate.RequiredObject("time", out JsonFields fields)
            ?? fields.Required("from", out _)
            ?? fields.Required("to", out _)
            ?? fields.Integer("from", long.MinValue, long.MaxValue, out from)
            ?? fields.Integer("to", long.MinValue, long.MaxValue, out to);
        if (problem is not null)
        {
            return problem;
        }

        time = (from!.Value, to!.Value);
        return from <= to ? null : Problem.BadRequest("'from' must not be after 'to'.", fields.PointerTo("from"));
    }

    private static Problem? ReadList(
        JsonFields aggregate, string name, int most, int least, Func<JsonElement, string, Problem?> read)
    {
        if (least > 0 && aggregate.Required(name, out _) is { } missing)
        {
            return missing;
        }

        if (aggregate.Array(name, out JsonElement list) is { } wrong)
        {
            return wrong;
        }

        if (list.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        int count = list.GetArrayLength();
        if (count < least || count > most)
        {
            return Problem.BadRequest(
                count < least
                    ? $"'{name}' needs at least one item."
                    : FormattableString.Invariant($"'{name}' must not have more than {most} items."),
                aggregate.PointerTo(name));
        }

        int index = 0;
        foreach (JsonElement item in list.EnumerateArray())
        {
            if (read(item, FormattableString.Invariant($"{Root}/{name}/{index++}")) is { } problem)
            {
                return problem;
            }
        }

        return null;
    }

    private static Problem? CheckName(string name, string pointer) => name.Length <= FieldCatalog.MaxNameLength
        ? null
        : Problem.BadRequest(
            FormattableString.Invariant($"The field name is longer than {FieldCatalog.MaxNameLength} characters."), pointer);
}

/// <summary>One average.</summary>
/// <param name="Metric">The field it is taken over.</param>
/// <param name="Key">The name it is answered under: the alias that was asked for, else the field.</param>
internal sealed record Computation(string Metric, string Key);
