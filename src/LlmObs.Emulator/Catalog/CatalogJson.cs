using System.Buffers;
using System.Text.Json;

namespace LlmObs.Emulator.Catalog;

/// <summary>Projects, datasets, versions and records as answers hold them.</summary>
/// <param name="recordForm">The form of records; the documented one has null for empty fields.</param>
internal sealed class CatalogJson(EmulatorRecordForm recordForm)
{
    /// <summary>The lifetime of a deleted record in answers; that of the live service is not documented.</summary>
    private static readonly TimeSpan DeletedRecordsLife = TimeSpan.FromDays(30);

    public void WriteProject(Utf8JsonWriter json, StoredProject project) => ResourceDocument.WriteResource(json, project.Id, "projects", () =>
    {
        json.WriteString("name", project.Name);
        if (recordForm == EmulatorRecordForm.Flat || !string.IsNullOrEmpty(project.Description))
        {
            json.WriteString("description", project.Description);
        }

        WriteTimes(json, project.CreatedAt, project.UpdatedAt);
    });

    public void WriteDataset(Utf8JsonWriter json, StoredDataset dataset) => ResourceDocument.WriteResource(json, dataset.Id, "datasets", () =>
    {
        json.WriteString("name", dataset.Name);
        json.WriteString("description", dataset.Description);
        if (recordForm == EmulatorRecordForm.Flat || dataset.Metadata is not null)
        {
            ResourceDocument.WriteValue(json, "metadata", dataset.Metadata);
        }

        json.WriteString("project_id", dataset.ProjectId);
        json.WriteString("dataset_type", "user");
        json.WriteNumber("current_version", dataset.CurrentVersion);
        EmulatorUser.WriteId(json);
        WriteTimes(json, dataset.CreatedAt, dataset.UpdatedAt);
        if (dataset.DeletedAt is { } deleted)
        {
            json.WriteString("deleted_at", ServiceTime.Format(deleted));
        }
    });

    public static void WriteVersion(Utf8JsonWriter json, string datasetId, DatasetSnapshot version) =>
        ResourceDocument.WriteResource(json, FormattableString.Invariant($"{datasetId}-{version.Number}"), "dataset_version", () =>
        {
            json.WriteString("dataset_id", datasetId);
            json.WriteString("last_used", version.LastUsed is { } used ? ServiceTime.Format(used) : null);
            json.WriteNumber("version_number", version.Number);
        });

    /// <summary>A record as lists hold it.</summary>
    public void WriteRecord(Utf8JsonWriter json, string datasetId, StoredRecord record) => WriteRecord(json, datasetId, record, deleted: null);

    /// <summary>The answer to a change of records: the changed records, and the deleted ones.</summary>
    public ReadOnlySequence<byte> Mutation(string datasetId, RecordsTouched touched)
    {
        if (recordForm == EmulatorRecordForm.Resource)
        {
            return ResourceDocument.List(
                touched.Changed.Select(record => (Record: record, At: (DateTimeOffset?)null)).Concat(touched.Deleted.Select(record => (Record: record, At: (DateTimeOffset?)touched.At))),
                (json, one) => WriteRecord(json, datasetId, one.Record, one.At));
        }

        return ResourceDocument.List<RecordsTouched>([touched], (json, _) =>
        {
            json.WriteStartObject();
            json.WriteStartArray("records");
            foreach (StoredRecord record in touched.Changed)
            {
                WriteRecord(json, datasetId, record, deleted: null);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private void WriteRecord(Utf8JsonWriter json, string datasetId, StoredRecord record, DateTimeOffset? deleted)
    {
        if (recordForm == EmulatorRecordForm.Resource)
        {
            ResourceDocument.WriteResource(json, record.Id, "datasets", () => WriteLive(json, datasetId, record, deleted));
            return;
        }

        json.WriteStartObject();
        json.WriteString("id", record.Id);
        json.WriteString("dataset_id", datasetId);
        ResourceDocument.WriteValue(json, "input", record.InputJson);
        ResourceDocument.WriteValue(json, "expected_output", record.ExpectedJson);
        ResourceDocument.WriteValue(json, "metadata", record.MetadataJson);
        if (record.Tags.Count > 0)
        {
            ResourceDocument.WriteTexts(json, "tags", record.Tags);
        }

        WriteTimes(json, record.CreatedAt, record.UpdatedAt);
        json.WriteEndObject();
    }

    // What is empty is not there, as in all that was recorded of the live service.
    private static void WriteLive(Utf8JsonWriter json, string datasetId, StoredRecord record, DateTimeOffset? deleted)
    {
        json.WriteString("dataset_id", datasetId);
        json.WriteString("canonical_id", record.Id);
        ResourceDocument.WriteValue(json, "input", record.InputJson);
        if (record.ExpectedJson is { IsEmpty: false } expected)
        {
            ResourceDocument.WriteValue(json, "expected_output", expected);
        }

        if (record.MetadataJson is { IsEmpty: false } metadata)
        {
            ResourceDocument.WriteValue(json, "metadata", metadata);
        }

        if (record.Tags.Count > 0)
        {
            ResourceDocument.WriteTexts(json, "tags", record.Tags);
        }

        json.WriteNumber("version", record.Version);
        EmulatorUser.WriteId(json);
        WriteTimes(json, record.CreatedAt, record.UpdatedAt);
        if (deleted is { } time)
        {
            json.WriteString("deleted_at", ServiceTime.Format(time));
            json.WriteString("ttl", ServiceTime.Format(time + DeletedRecordsLife));
        }
    }

    private static void WriteTimes(Utf8JsonWriter json, DateTimeOffset created, DateTimeOffset updated)
    {
        json.WriteString("created_at", ServiceTime.Format(created));
        json.WriteString("updated_at", ServiceTime.Format(updated));
    }
}
