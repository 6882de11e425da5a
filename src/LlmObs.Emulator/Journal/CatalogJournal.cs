using System.Globalization;
using System.Text.Json;

namespace LlmObs.Emulator.Journal;

/// <summary>
/// Changes of projects and datasets as entries of the journal. They hold what came of a request, not the request: ids and
/// skipped duplicates are then the same after a restart.
/// </summary>
internal static class CatalogJournal
{
    public static JournalEntry Of(StoredProject project, DateTimeOffset at) => new(JournalKind.Project, project.Id, at, ResourceDocument.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("name", project.Name);
        json.WriteString("description", project.Description);
        WriteTime(json, "created_at", project.CreatedAt);
        json.WriteEndObject();
    }));

    public static JournalEntry Of(StoredDataset dataset, DateTimeOffset at) => new(JournalKind.Dataset, dataset.Id, at, ResourceDocument.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("project_id", dataset.ProjectId);
        json.WriteString("name", dataset.Name);
        json.WriteString("description", dataset.Description);
        ResourceDocument.WriteValue(json, "metadata", dataset.Metadata);
        WriteTime(json, "created_at", dataset.CreatedAt);
        json.WriteEndObject();
    }));

    public static JournalEntry OfRemoved(JournalKind kind, IReadOnlyList<string> ids, DateTimeOffset at) => new(kind, string.Empty, at, ResourceDocument.Write(json =>
    {
        json.WriteStartObject();
        ResourceDocument.WriteTexts(json, "ids", ids);
        json.WriteEndObject();
    }));

    public static JournalEntry Of(string datasetId, DatasetChange change, DateTimeOffset at) => new(JournalKind.Records, datasetId, at, ResourceDocument.Write(json =>
    {
        json.WriteStartObject();
        json.WriteBoolean("version", change.CreatesVersion);
        if (change.RestoredVersion is { } restored)
        {
            json.WriteNumber("restored", restored);
        }

        ResourceDocument.WriteTexts(json, "removed", change.RemovedIds);
        json.WriteStartArray("records");
        foreach (StoredRecord record in change.Records)
        {
            WriteRecord(json, record);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }));

    /// <summary>Replays an entry.</summary>
    /// <returns>The problem; null if there is none.</returns>
    public static string? Apply(DatasetCatalog catalog, JournalEntry entry)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(entry.Body, new JsonDocumentOptions { MaxDepth = BodyJson.MaxDepth });
            return Apply(catalog, entry, document.RootElement);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return "its body can't be read: " + failure.Message;
        }
    }

    private static string? Apply(DatasetCatalog catalog, JournalEntry entry, JsonElement body)
    {
        switch (entry.Kind)
        {
            case JournalKind.Project:
                catalog.Put(new StoredProject
                {
                    Id = entry.Id,
                    Name = Text(body, "name")!,
                    Description = Text(body, "description"),
                    CreatedAt = Time(body, "created_at"),
                    UpdatedAt = entry.At,
                });
                return null;
            case JournalKind.Dataset:
                catalog.Put(new StoredDataset
                {
                    Id = entry.Id,
                    ProjectId = Text(body, "project_id")!,
                    Name = Text(body, "name")!,
                    Description = Text(body, "description"),
                    Metadata = Value(body, "metadata"),
                    CreatedAt = Time(body, "created_at"),
                    UpdatedAt = entry.At,
                });
                return null;
            case JournalKind.ProjectsRemoved:
                catalog.RemoveProjects(Texts(body, "ids"));
                return null;
            case JournalKind.DatasetsRemoved:
                catalog.RemoveDatasets(Texts(body, "ids"));
                return null;
            default:
                return ApplyRecords(catalog, entry, body);
        }
    }

    private static string? ApplyRecords(DatasetCatalog catalog, JournalEntry entry, JsonElement body)
    {
        var change = new DatasetChange
        {
            CreatesVersion = body.GetProperty("version").GetBoolean(),
            RestoredVersion = body.TryGetProperty("restored", out JsonElement restored) ? restored.GetInt64() : null,
            RemovedIds = Texts(body, "removed"),
            Records = [.. body.GetProperty("records").EnumerateArray().Select(record => ReadRecord(record, entry.At))],
        };
        return change.RestoredVersion is { } version && catalog.Version(entry.Id, version) is null
            ? $"it restores the unknown version {version}"
            : catalog.Apply(entry.Id, change, entry.At) is null ? $"it speaks of the unknown dataset '{entry.Id}'" : null;
    }

    private static void WriteRecord(Utf8JsonWriter json, StoredRecord record)
    {
        json.WriteStartObject();
        json.WriteString("id", record.Id);
        ResourceDocument.WriteValue(json, "input", record.InputJson);
        ResourceDocument.WriteValue(json, "expected_output", record.ExpectedJson);
        ResourceDocument.WriteValue(json, "metadata", record.MetadataJson);
        ResourceDocument.WriteTexts(json, "tags", record.Tags);
        WriteTime(json, "created_at", record.CreatedAt);
        json.WriteEndObject();
    }

    private static StoredRecord ReadRecord(JsonElement record, DateTimeOffset at) => new()
    {
        Id = Text(record, "id")!,
        InputJson = StoredJson.Of(record.GetProperty("input")),
        ExpectedJson = Given(record, "expected_output"),
        MetadataJson = Given(record, "metadata"),
        Tags = Texts(record, "tags"),
        CreatedAt = Time(record, "created_at"),
        UpdatedAt = at,
    };

    private static void WriteTime(Utf8JsonWriter json, string name, DateTimeOffset time) =>
        json.WriteString(name, time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));

    private static string? Text(JsonElement body, string name) => body.GetProperty(name).GetString();

    private static DateTimeOffset Time(JsonElement body, string name) => body.GetProperty(name).GetDateTimeOffset();

    private static string[] Texts(JsonElement body, string name) => [.. body.GetProperty(name).EnumerateArray().Select(item => item.GetString()!)];

    private static StoredJson? Given(JsonElement record, string name) =>
        record.GetProperty(name) is { ValueKind: not JsonValueKind.Null } value ? StoredJson.Of(value) : null;

    private static JsonElement? Value(JsonElement body, string name) =>
        body.GetProperty(name) is { ValueKind: not JsonValueKind.Null } value ? value.Clone() : null;
}
