using System.Globalization;
using System.Text.Json;

namespace LlmObs.Client.Api;

/// <content>Searching for experiments.</content>
public sealed partial class LlmObsClient
{
    private const string SearchPath = "api/v2/llm-obs/v1/experimentation/search";
    private const string SimpleSearchPath = "api/v2/llm-obs/v1/experimentation/simple-search";

    /// <summary>"Search experimentation", for experiments. It has no order of the caller's choice, and no count.</summary>
    /// <returns>The results, page by page.</returns>
    public PagedCall<Experiment> SearchExperiments(ExperimentSearch search) => new(PageSize.OfLists, (cursor, limit) => new ApiCall<Page<Experiment>>(
        Transport,
        HttpMethod.Post,
        SearchPath,
        Body(writer => SearchJson.WriteSearch(writer, search, cursor, limit)),
        RetrySafety.Read,
        answer => answer.ReadJson(root => Located(SearchJson.ReadSearch(root, Options.FreeForm)))));

    /// <summary>"Simple search experimentation", for experiments: sorted, and with the count of all.</summary>
    /// <returns>The results, page by page.</returns>
    public PagedCall<Experiment> SimpleSearchExperiments(ExperimentSearch search) => new(
        PageSize.OfLists,
        (cursor, limit) =>
        {
            long before = ItemsBefore(cursor);
            return new ApiCall<Page<Experiment>>(
                Transport,
                HttpMethod.Post,
                SimpleSearchPath,
                Body(writer => SearchJson.WriteSimpleSearch(writer, search, (before / limit) + 1, limit)),
                RetrySafety.Read,
                answer => answer.ReadJson(root => Located(SearchJson.ReadSimpleSearch(root, before, limit, Options.FreeForm))));
        },
        (cursor, limit) => LargestDivisor(ItemsBefore(cursor), limit));

    // Its pages have numbers, not cursors: the number of items before the page replaces the cursor.
    private static long ItemsBefore(string? cursor) => cursor is null ? 0 : long.Parse(cursor, CultureInfo.InvariantCulture);

    // A page begins where those of its size before it end, so its size must divide the number of items read.
    private static int LargestDivisor(long read, int atMost)
    {
        int size = atMost;
        while (read % size != 0)
        {
            size--;
        }

        return size;
    }
}

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

        // If nothing was found the list may be null or missing.
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

/// <summary>Events of an experiment out of a document that is at hand, in the form in which the API answers.</summary>
public static class ExperimentEvents
{
    /// <summary>Reads an answer of "list events".</summary>
    /// <param name="json">The answer, UTF-8.</param>
    /// <param name="experimentId">The experiment.</param>
    /// <param name="freeForm">Reads free-form values.</param>
    /// <returns>The spans with their metrics, and the metrics of the experiment as a whole.</returns>
    /// <exception cref="JsonException">It is not JSON.</exception>
    /// <exception cref="FormatException">It is no answer of that kind.</exception>
    public static (IReadOnlyList<ExperimentSpan> Spans, IReadOnlyList<ExperimentMetric> Summary) Read(ReadOnlyMemory<byte> json, string experimentId, HostObjectJson freeForm)
    {
        ExperimentEventsJson events = new(experimentId, withSuperseded: false, freeForm);
        using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = JsonDefaults.AnswerDepth });
        return (events.ReadSpans(document.RootElement).Items, events.ReadSummary(document.RootElement));
    }
}
