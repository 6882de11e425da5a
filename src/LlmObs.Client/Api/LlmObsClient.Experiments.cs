using System.Text;
using System.Text.Json;

namespace LlmObs.Client.Api;

/// <content>Reading experiments back.</content>
public sealed partial class LlmObsClient
{
    /// <summary>"List experiments": newest first.</summary>
    /// <param name="filter">Which ones.</param>
    /// <returns>The list, to be read page by page.</returns>
    /// <exception cref="UnwritableValueException">The metadata can't be written as JSON.</exception>
    public PagedCall<Experiment> ListExperiments(ExperimentFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        string? metadata = filter.Metadata is null ? null : ToText(filter.Metadata);
        return new PagedCall<Experiment>(PageSize.OfLists, (cursor, limit) => Get(
            new QueryString()
                .Add("filter[project_id]", filter.ProjectId)
                .Add("filter[dataset_id]", filter.DatasetId)
                .AddEach("filter[id]", filter.Ids)
                .Add("filter[name]", filter.Name)
                .Add("filter[experiment]", filter.LogicalName)
                .Add("filter[metadata]", metadata)
                .AddEach("filter[parent_experiment_id]", filter.ParentExperimentIds)
                .AddFlag("filter[is_deleted]", filter.Deleted)
                .AddFlag("include[user_data]", filter.IncludeUser)
                .AddFlag("include[dataset_names]", filter.IncludeDatasetName)
                .AddPage(cursor, limit)
                .Behind(ExperimentsPath),
            root => ResourceJson.ReadPage(root, item => Located(ExperimentJson.ReadResource(item, Options.FreeForm)))));
    }

    /// <summary>"Delete experiments", several in one request. Deleting twice does no harm, and ids that are not there are no error.</summary>
    /// <returns>The call; its answer is how many ids it named.</returns>
    public ApiCall<int> DeleteExperiments(IReadOnlyList<string> ids) => new(
        Transport,
        HttpMethod.Post,
        ExperimentsPath + "/delete",
        Body(writer => ExperimentJson.WriteDeletion(writer, ids)),
        RetrySafety.AfterTransientFailure,
        _ => ids.Count);

    /// <summary>"List events": the spans of an experiment with their metrics.</summary>
    /// <param name="experimentId">The experiment.</param>
    /// <param name="withSuperseded">True if a span keeps metrics that a later one of the same label replaced.</param>
    /// <returns>The list, to be read page by page.</returns>
    public PagedCall<ExperimentSpan> ListSpans(string experimentId, bool withSuperseded = false)
    {
        string path = ReadEventsPath(experimentId);
        var json = new ExperimentEventsJson(experimentId, withSuperseded, Options.FreeForm);
        return new PagedCall<ExperimentSpan>(PageSize.OfContents, (cursor, limit) =>
            Get(new QueryString().AddPage(cursor, limit).Behind(path), json.ReadSpans));
    }

    /// <summary>"List events": the metrics of an experiment as a whole. A page limits spans only, so the first one has them all.</summary>
    /// <param name="experimentId">The experiment.</param>
    public ApiCall<IReadOnlyList<ExperimentMetric>> ListSummaryMetrics(string experimentId) => Get(
        new QueryString().AddPage(null, 1).Behind(ReadEventsPath(experimentId)),
        new ExperimentEventsJson(experimentId, withSuperseded: false, Options.FreeForm).ReadSummary);

    private static string ReadEventsPath(string experimentId) =>
        $"api/v2/llm-obs/v3/experiments/{Segment(experimentId, "experiment")}/events";

    private string ToText(object value) => Encoding.UTF8.GetString(Body(writer => Options.FreeForm.Write(writer, value)).Span);
}
