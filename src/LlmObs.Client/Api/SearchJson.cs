using System.Globalization;
using System.Text.Json;

namespace LlmObs.Client.Api;

/// <summary>Searches for experiments as the API writes them.</summary>
internal static class SearchJson
{
    private const string ResourceType = "experimentation";
    private const string Scope = "experiments";

    /// <summary>Writes a search by cursor.</summary>
    public static void WriteSearch(Utf8JsonWriter writer, ExperimentSearch search, string? cursor, int limit) => Write(writer, search, () =>
    {
        if (cursor is not null)
        {
            writer.WriteString("cursor"u8, cursor);
        }

        writer.WriteNumber("limit"u8, limit);
    });

    /// <summary>Writes a search by page numbers.</summary>
    public static void WriteSimpleSearch(Utf8JsonWriter writer, ExperimentSearch search, long number, int limit) => Write(writer, search, () =>
    {
        writer.WriteNumber("limit"u8, limit);
        writer.WriteNumber("number"u8, number);
    });

    /// <summary>Reads a page of a search by cursor.</summary>
    /// <exception cref="FormatException">There are no results in it.</exception>
    public static Page<Experiment> ReadSearch(JsonElement root, HostObjectJson freeForm) => new(ReadFound(root, freeForm), ResourceJson.Next(root));

    /// <summary>Reads a page of a search by page numbers. The next page is named by how many items come before it.</summary>
    /// <exception cref="FormatException">There are no results in it.</exception>
    public static Page<Experiment> ReadSimpleSearch(JsonElement root, long before, int limit, HostObjectJson freeForm)
    {
        List<Experiment> found = ReadFound(root, freeForm);
        JsonElement page = ResourceJson.Member(root, "meta", "page") ?? default;
        var counts = new LenientObject(page, freeForm);
        bool isLast = found.Count == 0 || (counts.Integer("total_pages") is long pages && (before / limit) + 1 >= pages);
        return new Page<Experiment>(found, isLast ? null : (before + limit).ToString(CultureInfo.InvariantCulture)) { TotalCount = counts.Integer("total_count") };
    }

    private static List<Experiment> ReadFound(JsonElement root, HostObjectJson freeForm)
    {
        if (ResourceJson.Member(root, "data", "attributes") is not JsonElement { ValueKind: JsonValueKind.Object } results)
        {
            throw new FormatException("it has no object 'data.attributes'");
        }

        // Where nothing was found the list may be null or missing.
        return ResourceJson.Member(results, Scope) is JsonElement found
            ? ResourceJson.ReadItems(found, "data.attributes.experiments", item => ExperimentJson.ReadFound(item, freeForm))
            : [];
    }

    private static void Write(Utf8JsonWriter writer, ExperimentSearch search, Action writePage) => ResourceJson.Write(writer, ResourceType, id: null, () =>
    {
        WriteFilter(writer, search);
        if (search.IncludeUser)
        {
            writer.WriteStartObject("include"u8);
            writer.WriteBoolean("user_data"u8, true);
            writer.WriteEndObject();
        }

        writer.WriteStartObject("page"u8);
        writePage();
        writer.WriteEndObject();
        if (search.SortField is string field)
        {
            writer.WriteStartArray("sort"u8);
            writer.WriteStartObject();
            writer.WriteString("direction"u8, search.Descending ? "desc"u8 : "asc"u8);
            writer.WriteString("field"u8, field);
            writer.WriteEndObject();
            writer.WriteEndArray();
        }

    });

    private static void WriteFilter(Utf8JsonWriter writer, ExperimentSearch search)
    {
        writer.WriteStartObject("filter"u8);
        if (search.IncludeDeleted)
        {
            writer.WriteBoolean("include_deleted"u8, true);
        }

        if (search.Deleted)
        {
            writer.WriteBoolean("is_deleted"u8, true);
        }

        if (search.Query.Length > 0)
        {
            writer.WriteString("query"u8, search.Query);
        }

        ResourceJson.WriteList(writer, "scope", [Scope]);
        writer.WriteEndObject();
    }
}
