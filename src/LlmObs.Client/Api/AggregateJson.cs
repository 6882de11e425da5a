using System.Text.Json;

namespace LlmObs.Client.Api;

/// <summary>Aggregates as the API writes them.</summary>
internal static class AggregateJson
{
    public static void WriteQuery(Utf8JsonWriter writer, AggregateQuery query) => ResourceJson.Write(writer, "experimentation", id: null, () =>
    {
        writer.WriteStartObject("aggregate"u8);
        WriteCompute(writer, query.Compute);
        if (query.DatasetVersion is { IsGiven: true } version)
        {
            WriteNumber(writer, "dataset_version", version.Value);
        }

        WriteGroupBy(writer, query.GroupBy);
        ResourceJson.WriteList(writer, "indexes", query.Indexes);
        if (query.Limit is { IsGiven: true } limit)
        {
            WriteNumber(writer, "limit", limit.Value);
        }

        writer.WriteStartObject("search"u8);
        writer.WriteString("query"u8, query.Query);
        writer.WriteEndObject();
        if (query is { From: DateTimeOffset from, To: DateTimeOffset to })
        {
            writer.WriteStartObject("time"u8);
            writer.WriteNumber("from"u8, from.ToUnixTimeMilliseconds());
            writer.WriteNumber("to"u8, to.ToUnixTimeMilliseconds());
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    });

    /// <summary>Reads the buckets of an answer; a group's values keep their JSON types.</summary>
    /// <param name="root">The answer.</param>
    /// <param name="compute">The requested metrics.</param>
    /// <param name="freeForm">Reads free-form values.</param>
    /// <exception cref="FormatException">There is no list of buckets in it.</exception>
    public static AggregateResult Read(JsonElement root, IReadOnlyList<AggregateCompute> compute, HostObjectJson freeForm)
    {
        JsonElement data = ResourceJson.Member(root, "data") ?? throw new FormatException("it has no 'data' object");
        long hitCount = ResourceJson.Member(data, "attributes", "hit_count") is JsonElement hits ? ReadHitCount(hits) : 0;
        return new AggregateResult
        {
            Id = ResourceJson.Member(data, "id") is JsonElement id ? LenientJson.Text(id) : null,
            HitCount = hitCount,
            Buckets = ResourceJson.ReadItems(Values(data), "data.attributes.result.values", value => new AggregateBucket
            {
                By = ReadMap(value, "by", freeForm),
                Metrics = ReadMetrics(value, compute, freeForm),
                QueryHitCount = hitCount,
            }),
        };
    }

    // An unreadable count is not 0: a gate with a minimum count would be wrong.
    private static long ReadHitCount(JsonElement hits) => hits.ValueKind == JsonValueKind.Null ? 0
        : LenientJson.Integer(hits) ?? throw new FormatException("its 'hit_count' is no whole number of 64 bits");

    // A null result or list means that nothing was found.
    private static JsonElement? Values(JsonElement data) =>
        ResourceJson.Member(data, "attributes", "result") is not JsonElement result ? null
        : result.ValueKind == JsonValueKind.Null ? result
        : ResourceJson.Member(result, "values");

    // A value comes under the name that was asked for or, as in the documents' own example, under that of its metric.
    private static OrderedDictionary<string, object?> ReadMetrics(
        JsonElement bucket, IReadOnlyList<AggregateCompute> compute, HostObjectJson freeForm)
    {
        OrderedDictionary<string, object?> sent = ReadMap(bucket, "metrics", freeForm);
        if (compute.All(one => one.Name is null || sent.ContainsKey(one.Name)))
        {
            return sent;
        }

        var named = new OrderedDictionary<string, object?>(StringComparer.Ordinal);
        foreach (AggregateCompute one in compute)
        {
            string name = one.Name ?? one.Metric;
            if (sent.TryGetValue(one.Metric, out object? value) || sent.TryGetValue(name, out value))
            {
                named[name] = value;
            }
        }

        foreach ((string name, object? value) in sent)
        {
            if (compute.All(one => one.Metric != name))
            {
                named.TryAdd(name, value);
            }
        }

        return named;
    }

    private static OrderedDictionary<string, object?> ReadMap(JsonElement bucket, string name, HostObjectJson freeForm)
    {
        var map = new OrderedDictionary<string, object?>(StringComparer.Ordinal);
        if (ResourceJson.Member(bucket, name) is JsonElement { ValueKind: JsonValueKind.Object } members)
        {
            foreach (JsonProperty member in members.EnumerateObject())
            {
                map[member.Name] = freeForm.Read(member.Value);
            }
        }

        return map;
    }

    private static void WriteCompute(Utf8JsonWriter writer, IReadOnlyList<AggregateCompute> compute)
    {
        writer.WriteStartArray("compute"u8);
        foreach (AggregateCompute one in compute)
        {
            writer.WriteStartObject();
            writer.WriteString("metric"u8, one.Metric);
            if (one.Name is not null)
            {
                writer.WriteString("name"u8, one.Name);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteGroupBy(Utf8JsonWriter writer, IReadOnlyList<string> fields)
    {
        if (fields.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("group_by"u8);
        foreach (string field in fields)
        {
            writer.WriteStartObject();
            writer.WriteString("field"u8, field);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteNumber(Utf8JsonWriter writer, string name, long? number)
    {
        if (number is long value)
        {
            writer.WriteNumber(name, value);
        }
        else
        {
            writer.WriteNull(name);
        }
    }
}
