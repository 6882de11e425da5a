using System.Text.Json;

namespace LlmObs.Emulator.Catalog;

/// <summary>Projects, datasets, versions and records as answers hold them.</summary>
/// <param name="recordForm">The form of records.</param>
internal sealed class CatalogJson(EmulatorRecordForm recordForm)
{
    public static void WriteProject(Utf8JsonWriter json, StoredProject project) => ResourceDocument.WriteResource(json, project.Id, "projects", () =>
    {
        json.WriteString("name", project.Name);
        json.WriteString("description", project.Description);
        WriteTimes(json, project.CreatedAt, project.UpdatedAt);
    });

    public static void WriteDataset(Utf8JsonWriter json, StoredDataset dataset) => ResourceDocument.WriteResource(json, dataset.Id, "datasets", () =>
    {
        json.WriteString("name", dataset.Name);
        json.WriteString("description", dataset.Description);
        ResourceDocument.WriteValue(json, "metadata", dataset.Metadata);
        json.WriteNumber("current_version", dataset.CurrentVersion);
        WriteTimes(json, dataset.CreatedAt, dataset.UpdatedAt);
    });

    public static void WriteVersion(Utf8JsonWriter json, string datasetId, DatasetSnapshot version) =>
        ResourceDocument.WriteResource(json, FormattableString.Invariant($"{datasetId}-{version.Number}"), "dataset_version", () =>
        {
            json.WriteString("dataset_id", datasetId);
            json.WriteString("last_used", version.LastUsed is { } used ? Timestamps.Format(used) : null);
            json.WriteNumber("version_number", version.Number);
        });

    public void WriteRecord(Utf8JsonWriter json, string datasetId, StoredRecord record)
    {
        if (recordForm == EmulatorRecordForm.Resource)
        {
            ResourceDocument.WriteResource(json, record.Id, "records", () => WriteFields(json, datasetId, record));
            return;
        }

        json.WriteStartObject();
        json.WriteString("id", record.Id);
        WriteFields(json, datasetId, record);
        json.WriteEndObject();
    }

    /// <summary>What a change of records is answered with: the records that it touched.</summary>
    public byte[] Mutation(string datasetId, IReadOnlyList<StoredRecord> records) => ResourceDocument.List([records], (json, list) =>
    {
        json.WriteStartObject();
        json.WriteStartArray("records");
        foreach (StoredRecord record in list)
        {
            WriteRecord(json, datasetId, record);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static void WriteFields(Utf8JsonWriter json, string datasetId, StoredRecord record)
    {
        json.WriteString("dataset_id", datasetId);
        ResourceDocument.WriteValue(json, "input", record.Input);
        ResourceDocument.WriteValue(json, "expected_output", record.ExpectedOutput);
        ResourceDocument.WriteValue(json, "metadata", record.Metadata);
        if (record.Tags.Count > 0)
        {
            json.WriteStartArray("tags");
            foreach (string tag in record.Tags)
            {
                json.WriteStringValue(tag);
            }

            json.WriteEndArray();
        }

        WriteTimes(json, record.CreatedAt, record.UpdatedAt);
    }

    private static void WriteTimes(Utf8JsonWriter json, DateTimeOffset created, DateTimeOffset updated)
    {
        json.WriteString("created_at", Timestamps.Format(created));
        json.WriteString("updated_at", Timestamps.Format(updated));
    }
}
