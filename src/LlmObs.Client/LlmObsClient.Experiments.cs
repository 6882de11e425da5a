using System.Text;
using System.Text.Json;

namespace LlmObs.Client;

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
            root => PageJson.Read(root, item => ExperimentJson.ReadResource(item, Options.FreeForm))));
    }

    private string ToText(object value) => Encoding.UTF8.GetString(Body(writer => Options.FreeForm.Write(writer, value)).Span);
}
