using System.Text.Json;

namespace LlmObs.Client.Api;

/// <summary>Records of datasets as the API writes them: flat in the documents, with <c>attributes</c> in what was recorded.</summary>
internal static class RecordJson
{
    /// <summary>Reads a record of either form.</summary>
    /// <exception cref="FormatException">It has no id.</exception>
    public static DatasetRecord Read(JsonElement item, string projectId, string datasetId, HostObjectJson freeForm)
    {
        string id = ResourceJson.Id(item);
        bool isResource = item.TryGetProperty("attributes", out JsonElement attributes) && attributes.ValueKind == JsonValueKind.Object;
        var fields = new LenientObject(isResource ? attributes : item, freeForm);
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
            AdditionalProperties = fields.Rest(),
        };
    }

    /// <summary>Reads the records that a change has touched: lists inside a list by the documents, a plain list leniently.</summary>
    /// <exception cref="FormatException">There is no list in it.</exception>
    public static IReadOnlyList<DatasetRecord> ReadMutation(JsonElement root, string projectId, string datasetId, HostObjectJson freeForm)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("data", out JsonElement data))
        {
            throw new FormatException("it has no 'data'");
        }

        JsonElement[] items = data.ValueKind switch
        {
            JsonValueKind.Array => [.. data.EnumerateArray()],
            JsonValueKind.Object => [data],
            _ => throw new FormatException("its 'data' is no list"),
        };
        return [.. items.SelectMany(Records).Select(record => Read(record, projectId, datasetId, freeForm))];
    }

    /// <summary>What "create records" sends; the type is that of the recorded requests.</summary>
    public static void WriteInserts(Utf8JsonWriter writer, IReadOnlyList<RecordText> records, bool deduplicate) =>
        ResourceJson.Write(writer, DatasetJson.ResourceType, id: null, () =>
        {
            writer.WriteBoolean("deduplicate"u8, deduplicate);
            WriteRecords(writer, "records", records);
        });

    /// <summary>What "batch update" sends to add records.</summary>
    public static void WriteBatchInserts(Utf8JsonWriter writer, string datasetId, IReadOnlyList<RecordText> records) =>
        ResourceJson.Write(writer, DatasetJson.ResourceType, datasetId, () => WriteRecords(writer, "insert_records", records));

    /// <summary>What "batch update" sends to delete records.</summary>
    public static void WriteBatchDeletions(Utf8JsonWriter writer, string datasetId, IReadOnlyList<string> ids) =>
        ResourceJson.Write(writer, DatasetJson.ResourceType, datasetId, () => ResourceJson.WriteList(writer, "delete_records", ids));

    /// <summary>What "batch update" sends to change records: it knows tags, and need not make a version.</summary>
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

    private static IEnumerable<JsonElement> Records(JsonElement item)
    {
        JsonElement holder = item.ValueKind == JsonValueKind.Object && item.TryGetProperty("attributes", out JsonElement attributes) ? attributes : item;
        return holder.ValueKind == JsonValueKind.Object && holder.TryGetProperty("records", out JsonElement records) && records.ValueKind == JsonValueKind.Array
            ? records.EnumerateArray()
            : [item];
    }
}
