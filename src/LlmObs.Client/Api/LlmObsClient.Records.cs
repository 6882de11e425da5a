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
    /// "Create records"; "batch update" if a record has its own id or tags, which only that accepts. It is sent
    /// again only if that duplicates nothing.
    /// </summary>
    /// <param name="projectId">The project that the dataset is in.</param>
    /// <param name="datasetId">Which dataset.</param>
    /// <param name="deduplicate">True to skip records whose input is already in the dataset; not with ids or tags.</param>
    /// <returns>A call that returns the new records; null if the service's answer can't be read.</returns>
    /// <exception cref="ArgumentException">Records with ids or tags of their own were to be deduplicated.</exception>
    public ApiCall<IReadOnlyList<DatasetRecord>?> AddRecords(string projectId, string datasetId, IReadOnlyList<RecordText> records, bool deduplicate)
    {
        ArgumentNullException.ThrowIfNull(records);
        bool isBatch = records.Any(record => record.HasIdOrTags);
        return isBatch && deduplicate
            ? throw new ArgumentException("Records with their own ids or tags can't be deduplicated by JSON requests.", nameof(deduplicate))
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
    /// <param name="patches">The changes, one per record.</param>
    /// <param name="createVersion">True if the change makes a version of the dataset.</param>
    /// <returns>A call whose answer is null if the service sends none that can be read.</returns>
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
    /// <returns>The call; gives the status.</returns>
    public ApiCall<int> DeleteRecords(string projectId, string datasetId, IReadOnlyList<string> recordIds) => new(
        Transport,
        HttpMethod.Post,
        BatchPath(projectId, datasetId),
        Body(writer => RecordJson.WriteBatchDeletions(writer, datasetId, recordIds)),
        RetrySafety.AfterTransientFailure,
        answer => answer.StatusCode);

    /// <summary>"Upload records": a whole CSV file in one request, for more records than fit JSON requests.</summary>
    /// <param name="projectId">The project that the dataset is in.</param>
    /// <param name="datasetId">Which dataset.</param>
    /// <param name="open">Opens the file for each attempt: UTF-8 with the columns that the service knows.</param>
    /// <returns>A call that is sent again only if that duplicates nothing.</returns>
    public RecordUploadCall UploadRecords(string projectId, string datasetId, Func<Stream> open, RecordUploadOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        QueryString query = new QueryString()
            .Add("deduplicate", options.Deduplicate ? "true" : "false")
            .Add("overwrite", options.Overwrite is bool overwrite ? (overwrite ? "true" : "false") : null);
        string path = $"api/v2/llm-obs/v2/{Segment(projectId, "project")}/datasets/{Segment(datasetId, "dataset")}/records/upload";
        return new RecordUploadCall(Transport, query.Behind(path), open, RepeatOf(options.Deduplicate));
    }

    // Without an idempotency key, records can be sent again only if the service skips existing ones.
    private static RetrySafety RepeatOf(bool deduplicate) => deduplicate ? RetrySafety.AfterTransientFailure : RetrySafety.OnlyIfNotProcessed;

    private static string BatchPath(string projectId, string datasetId) => $"{DatasetPath(projectId, datasetId)}/batch_update";

    private static string RecordsPath(string projectId, string datasetId) => $"{DatasetPath(projectId, datasetId)}/records";

    private Func<JsonElement, IReadOnlyList<DatasetRecord>> ReadMutation(string projectId, string datasetId) =>
        root => RecordJson.ReadMutation(root, projectId, datasetId, Options.FreeForm);
}

/// <summary>Records of datasets as the API writes them: flat in the documentation, with <c>attributes</c> in the recorded answers.</summary>
internal static class RecordJson
{
    /// <summary>Reads a record of either form.</summary>
    /// <exception cref="FormatException">It has no id.</exception>
    public static DatasetRecord Read(JsonElement item, string projectId, string datasetId, HostObjectJson freeForm)
    {
        string id = ResourceJson.Id(item);
        var fields = new LenientObject(ResourceJson.Content(item), freeForm);
        fields.Text("id");
        return new DatasetRecord
        {
            Id = id,
            Input = fields.FreeForm("input"),
            ExpectedOutput = fields.FreeForm("expected_output"),
            Metadata = fields.FreeForm("metadata"),
            Tags = fields.Texts("tags"),
            DatasetId = fields.Text("dataset_id") ?? datasetId,
            ProjectId = projectId,
            CreatedAt = fields.Time("created_at"),
            UpdatedAt = fields.Time("updated_at"),
            AdditionalProperties = fields.UnknownMembers(),
        };
    }

    /// <summary>Reads the records that a change has touched: lists inside a list by the documents, a plain list leniently.</summary>
    /// <exception cref="FormatException">There is no list in it.</exception>
    public static IReadOnlyList<DatasetRecord> ReadMutation(JsonElement root, string projectId, string datasetId, HostObjectJson freeForm)
    {
        JsonElement data = ResourceJson.Member(root, "data") ?? throw new FormatException("it has no 'data'");
        JsonElement[] items = data.ValueKind switch
        {
            JsonValueKind.Array => [.. data.EnumerateArray()],
            JsonValueKind.Object => [data],
            _ => throw new FormatException("its 'data' is no list"),
        };
        return [.. items.SelectMany(Records).Select(record => Read(record, projectId, datasetId, freeForm))];
    }

    /// <summary>The request of "create records"; the type is that of the recorded requests.</summary>
    public static void WriteInserts(Utf8JsonWriter writer, IReadOnlyList<RecordText> records, bool deduplicate) =>
        ResourceJson.Write(writer, DatasetJson.ResourceType, id: null, () =>
        {
            writer.WriteBoolean("deduplicate"u8, deduplicate);
            WriteRecords(writer, "records", records);
        });

    /// <summary>The request of "batch update" to add records.</summary>
    public static void WriteBatchInserts(Utf8JsonWriter writer, string datasetId, IReadOnlyList<RecordText> records) =>
        ResourceJson.Write(writer, DatasetJson.ResourceType, datasetId, () => WriteRecords(writer, "insert_records", records));

    /// <summary>The request of "batch update" to delete records.</summary>
    public static void WriteBatchDeletions(Utf8JsonWriter writer, string datasetId, IReadOnlyList<string> ids) =>
        ResourceJson.Write(writer, DatasetJson.ResourceType, datasetId, () => ResourceJson.WriteList(writer, "delete_records", ids));

    /// <summary>The request of "batch update" to change records: it supports tags, and need not make a version.</summary>
    public static void WriteBatchUpdates(
        Utf8JsonWriter writer, string datasetId, IReadOnlyList<DatasetRecordPatch> patches, bool createVersion, HostObjectJson freeForm) =>
        ResourceJson.Write(writer, DatasetJson.ResourceType, datasetId, () =>
        {
            WritePatches(writer, "update_records", patches, freeForm);
            writer.WriteBoolean("create_new_version"u8, createVersion);
        });

    private static void WriteRecords(Utf8JsonWriter writer, string name, IReadOnlyList<RecordText> records)
    {
        writer.WriteStartArray(name);
        foreach (RecordText record in records)
        {
            record.WriteTo(writer);
        }

        writer.WriteEndArray();
    }

    private static void WritePatches(Utf8JsonWriter writer, string name, IReadOnlyList<DatasetRecordPatch> patches, HostObjectJson freeForm)
    {
        writer.WriteStartArray(name);
        foreach (DatasetRecordPatch patch in patches)
        {
            writer.WriteStartObject();
            writer.WriteString("id"u8, patch.Id);
            ResourceJson.WriteValue(writer, "input", patch.Input, freeForm);
            ResourceJson.WriteValue(writer, "expected_output", patch.ExpectedOutput, freeForm);
            ResourceJson.WriteValue(writer, "metadata", patch.Metadata, freeForm);
            if (patch.ChangesTags)
            {
                writer.WriteStartObject("tag_operations"u8);
                WriteTags(writer, "remove", patch.RemoveTags);
                WriteTags(writer, "add", patch.AddTags);
                WriteTags(writer, "set", patch.SetTags);
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteTags(Utf8JsonWriter writer, string name, IReadOnlyList<string>? tags)
    {
        if (tags is not null)
        {
            ResourceJson.WriteList(writer, name, tags);
        }
    }

    private static IEnumerable<JsonElement> Records(JsonElement item) =>
        ResourceJson.Member(ResourceJson.Content(item), "records") is JsonElement { ValueKind: JsonValueKind.Array } records ? records.EnumerateArray() : [item];
}
