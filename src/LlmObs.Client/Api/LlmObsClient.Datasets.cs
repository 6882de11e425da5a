using System.Globalization;

namespace LlmObs.Client.Api;

/// <content>Datasets and their versions.</content>
public sealed partial class LlmObsClient
{
    /// <summary>"List datasets" of a project, newest first.</summary>
    /// <param name="projectId">Which project.</param>
    /// <param name="name">Only those that the service finds by this name; null for all.</param>
    /// <param name="id">Only the one of this id; null for all.</param>
    /// <returns>The pages, to be read.</returns>
    public PagedCall<Dataset> ListDatasets(string projectId, string? name = null, string? id = null) => new(
        PageSize.OfLists,
        (cursor, limit) => Get(
            new QueryString().Add("filter[id]", id).Add("filter[name]", name).AddPage(cursor, limit).Behind(DatasetsPath(projectId)),
            root => ResourceJson.ReadPage(root, item => DatasetJson.Read(item, projectId, Options.FreeForm))));

    /// <summary>"Create dataset". It is sent again only where the service surely did not act.</summary>
    /// <param name="projectId">The project to make it in.</param>
    /// <param name="draft">What to create.</param>
    /// <returns>The call, to be sent.</returns>
    /// <exception cref="UnwritableValueException">The metadata can't be written as JSON.</exception>
    public ApiCall<Dataset> CreateDataset(string projectId, DatasetDraft draft) => new(
        Transport,
        HttpMethod.Post,
        DatasetsPath(projectId),
        Body(writer => DatasetJson.WriteDraft(writer, draft, Options.FreeForm)),
        RetrySafety.WhenSurelyNotActedOn,
        ReadDataset(projectId));

    /// <summary>"Update dataset".</summary>
    /// <param name="projectId">The project that it is in.</param>
    /// <param name="datasetId">Which dataset.</param>
    /// <param name="patch">What to change.</param>
    /// <returns>The call, to be sent; its answer is null where the service sends none.</returns>
    /// <exception cref="UnwritableValueException">The metadata can't be written as JSON.</exception>
    public ApiCall<Dataset?> UpdateDataset(string projectId, string datasetId, DatasetPatch patch) => new(
        Transport,
        HttpMethod.Patch,
        DatasetPath(projectId, datasetId),
        Body(writer => DatasetJson.WritePatch(writer, patch, Options.FreeForm)),
        RetrySafety.AfterTransientFailure,
        answer => answer.TryReadJson(root => DatasetJson.Read(ResourceJson.Data(root), projectId, Options.FreeForm)));

    /// <summary>"Delete datasets" of a project, all in one request.</summary>
    /// <param name="projectId">The project that they are in.</param>
    /// <param name="datasetIds">Which datasets.</param>
    /// <returns>The call, to be sent; gives the status: 204 by the documents, 200 as recorded.</returns>
    public ApiCall<int> DeleteDatasets(string projectId, IReadOnlyList<string> datasetIds) =>
        Delete($"{DatasetsPath(projectId)}/delete", DatasetJson.ResourceType, "dataset_ids", datasetIds);

    /// <summary>"Clone dataset": a new one in the same project, with the present records of another.</summary>
    /// <param name="projectId">The project.</param>
    /// <param name="sourceId">The dataset to copy.</param>
    /// <param name="draft">The new one's name and description; it takes no metadata.</param>
    /// <returns>The call, to be sent; again only where the service surely did not act.</returns>
    public ApiCall<Dataset> CloneDataset(string projectId, string sourceId, DatasetDraft draft) => new(
        Transport,
        HttpMethod.Post,
        $"{DatasetPath(projectId, sourceId)}/clone",
        Body(writer => DatasetJson.WriteClone(writer, sourceId, draft, Options.FreeForm)),
        RetrySafety.WhenSurelyNotActedOn,
        ReadDataset(projectId));

    /// <summary>"Restore dataset version": the records of an earlier version become those of a new one.</summary>
    /// <param name="projectId">The project that the dataset is in.</param>
    /// <param name="datasetId">Which dataset.</param>
    /// <param name="version">The version, from 0 to the current one.</param>
    /// <returns>The call, to be sent; gives the status, since the answer says nothing more.</returns>
    public ApiCall<int> RestoreDataset(string projectId, string datasetId, long version) => new(
        Transport,
        HttpMethod.Post,
        $"{DatasetPath(projectId, datasetId)}/restore",
        Body(writer => DatasetJson.WriteRestore(writer, datasetId, version)),
        RetrySafety.AfterTransientFailure,
        answer => answer.StatusCode);

    /// <summary>"List dataset versions".</summary>
    /// <param name="projectId">The project that the dataset is in.</param>
    /// <param name="datasetId">Which dataset.</param>
    /// <returns>The call, to be sent.</returns>
    public ApiCall<IReadOnlyList<DatasetVersion>> ListDatasetVersions(string projectId, string datasetId) => Get(
        $"{DatasetPath(projectId, datasetId)}/versions",
        root => DatasetJson.ReadVersions(root, projectId, datasetId, Options.FreeForm));

    /// <summary>"Export dataset": its records as CSV.</summary>
    /// <param name="projectId">The project that the dataset is in.</param>
    /// <param name="datasetId">Which dataset.</param>
    /// <param name="version">The version; null for the current one.</param>
    /// <returns>The call, to be sent.</returns>
    public DatasetExportCall ExportDataset(string projectId, string datasetId, long? version = null) => new(
        Transport,
        new QueryString().Add("format", "csv").Add("version", version?.ToString(CultureInfo.InvariantCulture)).Behind($"{DatasetPath(projectId, datasetId)}/export"));

    private static string DatasetsPath(string projectId) => $"api/v2/llm-obs/v1/{Segment(projectId, "project")}/datasets";

    private static string DatasetPath(string projectId, string datasetId) => $"{DatasetsPath(projectId)}/{Segment(datasetId, "dataset")}";

    private Func<ApiAnswer, Dataset> ReadDataset(string projectId) =>
        answer => answer.ReadJson(root => DatasetJson.Read(ResourceJson.Data(root), projectId, Options.FreeForm));
}
