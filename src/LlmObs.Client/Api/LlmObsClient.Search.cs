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
        RepeatRule.Reading,
        answer => answer.ReadJson(root => Located(SearchJson.ReadSearch(root, Options.FreeForm)))));

    /// <summary>"Simple search experimentation", for experiments: sorted, and with the count of all.</summary>
    /// <param name="search">What to look for.</param>
    /// <returns>What is found, to be read page by page.</returns>
    public PagedCall<Experiment> SimpleSearchExperiments(ExperimentSearch search) => new(PageSize.OfLists, (cursor, limit) =>
    {
        int number = cursor is null ? 1 : int.Parse(cursor, CultureInfo.InvariantCulture);
        return new ApiCall<Page<Experiment>>(
            Transport,
            HttpMethod.Post,
            SimpleSearchPath,
            Body(writer => SearchJson.WriteSimpleSearch(writer, search, number, limit)),
            RepeatRule.Reading,
            answer => answer.ReadJson(root => Located(SearchJson.ReadSimpleSearch(root, number, Options.FreeForm))));
    });
}
