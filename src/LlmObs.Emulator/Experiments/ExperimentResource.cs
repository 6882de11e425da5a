using System.Buffers;
using System.Text.Json;

namespace LlmObs.Emulator.Experiments;

/// <summary>Writes the experiment resource.</summary>
internal static class ExperimentResource
{
    /// <summary>The whole answer.</summary>
    /// <param name="atCreation">True for a new experiment: some fields are then never sent.</param>
    /// <returns>The UTF-8 text.</returns>
    public static byte[] Document(StoredExperiment experiment, bool atCreation) =>
        ResourceDocument.One(json => WriteResource(json, experiment, atCreation));

    /// <summary>A page of a list.</summary>
    /// <param name="end">The mark of the last page.</param>
    /// <param name="extras">The requested data in addition to the experiments.</param>
    /// <returns>The UTF-8 text.</returns>
    public static ReadOnlySequence<byte> List(ListPage<StoredExperiment> page, EmulatorListEnd end, ExperimentExtras extras) => ResourceDocument.List(
        page.Items, (json, experiment) => WriteResource(json, experiment, atCreation: false, extras), json => page.WriteMeta(json, end));

    public static JsonElement Attributes(StoredExperiment experiment)
    {
        byte[] text = ResourceDocument.Write(json =>
        {
            json.WriteStartObject();
            WriteMembers(json, experiment, atCreation: false, ExperimentExtras.None);
            json.WriteEndObject();
        });
        using JsonDocument document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = BodyJson.MaxDepth });
        return document.RootElement.Clone();
    }

    /// <summary>The attributes with the id among them, as a search gives them out.</summary>
    public static void WriteFlat(Utf8JsonWriter json, StoredExperiment experiment, ExperimentExtras extras)
    {
        json.WriteStartObject();
        json.WriteString("id", experiment.Id);
        WriteMembers(json, experiment, atCreation: false, extras);
        json.WriteEndObject();
    }

    private static void WriteResource(Utf8JsonWriter json, StoredExperiment experiment, bool atCreation, ExperimentExtras? extras = null) =>
        ResourceDocument.WriteResource(json, experiment.Id, "experiments", () => WriteMembers(json, experiment, atCreation, extras ?? ExperimentExtras.None));

    private static void WriteMembers(Utf8JsonWriter json, StoredExperiment experiment, bool atCreation, ExperimentExtras extras)
    {
        json.WriteString("name", experiment.Name);
        json.WriteString("experiment", experiment.LogicalName);
        json.WriteString("project_id", experiment.ProjectId);
        WriteText(json, "dataset_id", experiment.DatasetId);
        WriteText(json, "dataset_name", extras.DatasetName(experiment));
        WriteNumber(json, "dataset_version", experiment.DatasetVersion);
        if (experiment.Description is { } description)
        {
            json.WriteString("description", description);
        }

        WriteObject(json, "config", experiment.Config);
        WriteMetadata(json, experiment.Metadata);
        WriteNumber(json, "run_count", experiment.RunCount);
        // Never part of a recorded creation's answer, even if they were sent.
        if (!atCreation)
        {
            WriteText(json, "status", experiment.Status);
            WriteText(json, "error", experiment.Error);
            WriteText(json, "parent_experiment_id", experiment.ParentExperimentId);
        }

        // No document names it, but the live service sends it.
        json.WriteBoolean("is_auto_experiment", false);
        json.WriteString("created_at", ServiceTime.Format(experiment.CreatedAt));
        json.WriteString("updated_at", ServiceTime.Format(experiment.UpdatedAt));
        if (experiment.DeletedAt is { } deleted)
        {
            json.WriteString("deleted_at", ServiceTime.Format(deleted));
        }

        extras.Sums(experiment)?.Write(json);
        if (extras.WithAuthor)
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
