using System.Globalization;

namespace LlmObs.Client.Api;

/// <content>Searching for experiments.</content>
public sealed partial class LlmObsClient
{
    private const string SearchPath = "api/v2/llm-obs/v1/experimentation/search";
    private const string SimpleSearchPath = "api/v2/llm-obs/v1/experimentation/simple-search";

    /// <summary>"Search experimentation", for experiments. It has no order of the caller's choice, and no count.</summary>
    /// <param name="search">What to look for.</param>
    /// <returns>What is found, to be read page by page.</returns>
    public PagedCall<Experiment> SearchExperiments(ExperimentSearch search) => new(PageSize.OfLists, (cursor, limit) => new ApiCall<Page<Experiment>>(
        Transport,
        HttpMethod.Post,
        SearchPath,
        Body(writer => SearchJson.WriteSearch(writer, search, cursor, limit)),
        RetrySafety.Reading,
        answer => answer.ReadJson(root => Located(SearchJson.ReadSearch(root, Options.FreeForm)))));

    /// <summary>"Simple search experimentation", for experiments: sorted, and with the count of all.</summary>
    /// <param name="search">What to look for.</param>
    /// <returns>What is found, to be read page by page.</returns>
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
                RetrySafety.Reading,
                answer => answer.ReadJson(root => Located(SearchJson.ReadSimpleSearch(root, before, limit, Options.FreeForm))));
        },
        (cursor, limit) => LargestDivisor(ItemsBefore(cursor), limit));

    // Its pages have numbers, not cursors: what is kept in place of one is how many items come before the page.
    private static long ItemsBefore(string? cursor) => cursor is null ? 0 : long.Parse(cursor, CultureInfo.InvariantCulture);

    // A page begins where those of its size before it end, so its size must divide what was read.
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
