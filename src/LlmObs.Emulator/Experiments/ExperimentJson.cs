using System.Buffers;
using System.Text.Json;
using LlmObs.Emulator.Json;
using LlmObs.Emulator.Paging;

namespace LlmObs.Emulator.Experiments;

/// <summary>Writes the experiment resource.</summary>
internal static class ExperimentJson
{
    /// <summary>The whole answer.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="atCreation">Whether it was made just now: some fields are then never sent.</param>
    /// <returns>The UTF-8 text.</returns>
    public static byte[] Document(StoredExperiment experiment, bool atCreation)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, JsonText.WriterOptions))
        {
            json.WriteStartObject();
            json.WritePropertyName("data");
            WriteResource(json, experiment, atCreation);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>A page of a list.</summary>
    /// <param name="page">The page.</param>
    /// <param name="end">How the last page says so.</param>
    /// <param name="withAuthors">Whether authors were asked for.</param>
    /// <returns>The UTF-8 text.</returns>
    public static byte[] List(ListPage<StoredExperiment> page, EmulatorListEnd end, bool withAuthors)
    {
        var buffer = new ArrayBufferWriter<byte>(512 * (page.Items.Count + 1));
        using (var json = new Utf8JsonWriter(buffer, JsonText.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteStartArray("data");
            foreach (StoredExperiment experiment in page.Items)
            {
                WriteResource(json, experiment, atCreation: false, withAuthors);
            }

            json.WriteEndArray();
            page.WriteMeta(json, end);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    public static JsonElement Attributes(StoredExperiment experiment)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, JsonText.WriterOptions))
        {
            WriteAttributes(json, experiment, atCreation: false);
        }

        using JsonDocument document = JsonDocument.Parse(buffer.WrittenMemory, new JsonDocumentOptions { MaxDepth = JsonText.MaxDepth });
        return document.RootElement.Clone();
    }

    /// <summary>The attributes with the id among them, as a search gives them out.</summary>
    public static void WriteFlat(Utf8JsonWriter json, StoredExperiment experiment, bool withAuthor)
    {
        json.WriteStartObject();
        json.WriteString("id", experiment.Id);
        WriteMembers(json, experiment, atCreation: false, withAuthor);
        json.WriteEndObject();
    }

    private static void WriteResource(Utf8JsonWriter json, StoredExperiment experiment, bool atCreation, bool withAuthor = false)
    {
        json.WriteStartObject();
        json.WriteString("id", experiment.Id);
        json.WriteString("type", "experiments");
        json.WritePropertyName("attributes");
        WriteAttributes(json, experiment, atCreation, withAuthor);
        json.WriteEndObject();
    }

    private static void WriteAttributes(Utf8JsonWriter json, StoredExperiment experiment, bool atCreation, bool withAuthor = false)
    {
        json.WriteStartObject();
        WriteMembers(json, experiment, atCreation, withAuthor);
        json.WriteEndObject();
    }

    private static void WriteMembers(Utf8JsonWriter json, StoredExperiment experiment, bool atCreation, bool withAuthor)
    {
        json.WriteString("name", experiment.Name);
        json.WriteString("experiment", experiment.LogicalName);
        json.WriteString("project_id", experiment.ProjectId);
        WriteText(json, "dataset_id", experiment.DatasetId);
        WriteNumber(json, "dataset_version", experiment.DatasetVersion);
        WriteText(json, "description", experiment.Description);
        WriteObject(json, "config", experiment.Config);
        WriteMetadata(json, experiment.Metadata);
        WriteNumber(json, "run_count", experiment.RunCount);
        // Never part of a recorded creation's answer, even where they were sent.
        if (!atCreation)
        {
            WriteText(json, "status", experiment.Status);
            WriteText(json, "error", experiment.Error);
            WriteText(json, "parent_experiment_id", experiment.ParentExperimentId);
        }

        // No document names it, but the live service sends it.
        json.WriteBoolean("is_auto_experiment", false);
        json.WriteString("created_at", Timestamps.Format(experiment.CreatedAt));
        json.WriteString("updated_at", Timestamps.Format(experiment.UpdatedAt));
        if (experiment.DeletedAt is { } deleted)
        {
            json.WriteString("deleted_at", Timestamps.Format(deleted));
        }

        if (withAuthor)
        {
            EmulatorUser.Write(json);
        }
    }

    private static void WriteText(Utf8JsonWriter json, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            json.WriteString(name, value);
        }
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }

    private static void WriteObject(Utf8JsonWriter json, string name, JsonElement? value)
    {
        if (value is { } element)
        {
            json.WritePropertyName(name);
            element.WriteTo(json);
        }
    }

    private static void WriteMetadata(Utf8JsonWriter json, JsonElement? value)
    {
        // Required by the documents, and no recording shows it missing.
        json.WritePropertyName("metadata");
        if (value is { } element)
        {
            element.WriteTo(json);
        }
        else
        {
            json.WriteStartObject();
            json.WriteEndObject();
        }
    }
}
