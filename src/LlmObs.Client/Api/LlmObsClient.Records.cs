using System.Globalization;
using System.Text.Json;

namespace LlmObs.Client.Api;

/// <content>Records of datasets.</content>
public sealed partial class LlmObsClient
{
    /// <summary>"List dataset records", newest first.</summary>
    /// <param name="projectId">The project that the dataset is in.</param>
    /// <param name="datasetId">Which dataset.</param>
    /// <param name="version">The version whose records are wanted; null for the current one.</param>
    /// <param name="tags">Tags of which a record must have one; none for all records.</param>
    /// <returns>The pages, to be read.</returns>
    public PagedCall<DatasetRecord> ListRecords(string projectId, string datasetId, long? version = null, IReadOnlyList<string>? tags = null) => new(
        PageSize.OfContents,
        (cursor, limit) => Get(
            new QueryString()
                .Add("filter[version]", version?.ToString(CultureInfo.InvariantCulture))
                .AddEach("filter[tags]", tags ?? [])
                .AddPage(cursor, limit)
                .Behind(RecordsPath(projectId, datasetId)),
            root => ResourceJson.ReadPage(root, item => RecordJson.Read(item, projectId, datasetId, Options.FreeForm))));

    /// <summary>
    /// "Create records"; "batch update" where a record has an id or tags of its own, which only that can take. It is sent
    /// again only where that makes nothing twice.
    /// </summary>
    /// <param name="projectId">The project that the dataset is in.</param>
    /// <param name="datasetId">Which dataset.</param>
    /// <param name="records">The records.</param>
    /// <param name="deduplicate">Whether records whose input is in the dataset already are passed over; not with ids or tags.</param>
    /// <returns>The call, to be sent: the records that were made; null where the service says nothing that can be read.</returns>
    /// <exception cref="ArgumentException">Records with ids or tags of their own were to be deduplicated.</exception>
    public ApiCall<IReadOnlyList<DatasetRecord>?> AddRecords(string projectId, string datasetId, IReadOnlyList<RecordText> records, bool deduplicate)
    {
        ArgumentNullException.ThrowIfNull(records);
        bool isBatch = records.Any(record => record.HasIdOrTags);
        return isBatch && deduplicate
            ? throw new ArgumentException("Records with ids or tags of their own can't be deduplicated by requests of JSON.", nameof(deduplicate))
            : new(
                Transport,
                HttpMethod.Post,
                isBatch ? BatchPath(projectId, datasetId) : RecordsPath(projectId, datasetId),
                isBatch
                    ? Body(writer => RecordJson.WriteBatchInserts(writer, datasetId, records))
                    : Body(writer => RecordJson.WriteInserts(writer, records, deduplicate)),
                RepeatOf(deduplicate),
                answer => answer.TryReadJson(ReadMutation(projectId, datasetId)));
    }

    /// <summary>
    /// Changes records with "batch update", as all requests did that were recorded: "update records" has no place for tags, and
    /// which <c>data.type</c> the service takes there is in dispute.
    /// </summary>
    /// <param name="projectId">The project that the dataset is in.</param>
    /// <param name="datasetId">Which dataset.</param>
    /// <param name="patches">What to change, one a record.</param>
    /// <param name="createVersion">Whether the change makes a version of the dataset.</param>
    /// <returns>The call, to be sent; its answer is null where the service sends none that can be read.</returns>
    /// <exception cref="UnwritableValueException">A value can't be written as JSON.</exception>
    public ApiCall<IReadOnlyList<DatasetRecord>?> UpdateRecords(
        string projectId, string datasetId, IReadOnlyList<DatasetRecordPatch> patches, bool createVersion = true) => new(
        Transport,
        HttpMethod.Post,
        BatchPath(projectId, datasetId),
        Body(writer => RecordJson.WriteBatchUpdates(writer, datasetId, patches, createVersion, Options.FreeForm)),
        RetrySafety.AfterTransientFailure,
        answer => answer.TryReadJson(ReadMutation(projectId, datasetId)));

    /// <summary>Deletes records with "batch update", all in one request.</summary>
    /// <param name="projectId">The project that the dataset is in.</param>
    /// <param name="datasetId">Which dataset.</param>
    /// <param name="recordIds">Which records.</param>
    /// <returns>The call, to be sent; gives the status.</returns>
    public ApiCall<int> DeleteRecords(string projectId, string datasetId, IReadOnlyList<string> recordIds) => new(
        Transport,
        HttpMethod.Post,
        BatchPath(projectId, datasetId),
        Body(writer => RecordJson.WriteBatchDeletions(writer, datasetId, recordIds)),
        RetrySafety.AfterTransientFailure,
        answer => answer.StatusCode);

    /// <summary>"Upload records": a whole CSV file in one request, for what is too much for requests of JSON.</summary>
    /// <param name="projectId">The project that the dataset is in.</param>
    /// <param name="datasetId">Which dataset.</param>
    /// <param name="open">Opens the file, anew for each attempt: UTF-8 with the columns that the service knows.</param>
    /// <param name="options">How it is taken over.</param>
    /// <returns>The call, to be sent; again only where that makes nothing twice.</returns>
    public RecordUploadCall UploadRecords(string projectId, string datasetId, Func<Stream> open, RecordUploadOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        QueryString query = new QueryString()
            .Add("deduplicate", options.Deduplicate ? "true" : "false")
            .Add("overwrite", options.Overwrite is bool overwrite ? (overwrite ? "true" : "false") : null);
        string path = $"api/v2/llm-obs/v2/{Segment(projectId, "project")}/datasets/{Segment(datasetId, "dataset")}/records/upload";
        return new RecordUploadCall(Transport, query.Behind(path), open, RepeatOf(options.Deduplicate));
    }

    // Without an idempotency key, records can be sent again only where the service passes over those that it has.
    private static RetrySafety RepeatOf(bool deduplicate) => deduplicate ? RetrySafety.AfterTransientFailure : RetrySafety.WhenSurelyNotActedOn;

    private static string BatchPath(string projectId, string datasetId) => $"{DatasetPath(projectId, datasetId)}/batch_update";

    private static string RecordsPath(string projectId, string datasetId) => $"{DatasetPath(projectId, datasetId)}/records";

    private Func<JsonElement, IReadOnlyList<DatasetRecord>> ReadMutation(string projectId, string datasetId) =>
        root => RecordJson.ReadMutation(root, projectId, datasetId, Options.FreeForm);
}
