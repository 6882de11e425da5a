using System.Text.Json;

namespace LlmObs.Client;

/// <summary>Experiments as the API writes them.</summary>
internal static class ExperimentJson
{
    private const string ResourceType = "experiments";

    public static void WriteDraft(Utf8JsonWriter writer, ExperimentDraft draft, FreeFormJson freeForm)
    {
        WriteResource(writer, () =>
        {
            writer.WriteString("name"u8, draft.Name);
            writer.WriteString("project_id"u8, draft.ProjectId);
            WriteText(writer, "dataset_id", draft.DatasetId);
            WriteField(writer, "dataset_version", draft.DatasetVersion, version => writer.WriteNumberValue(version!.Value));
            WriteText(writer, "description", draft.Description);
            WriteObject(writer, "config", draft.Config, freeForm);
            WriteObject(writer, "metadata", draft.Metadata, freeForm);
            WriteField(writer, "ensure_unique", draft.EnsureUnique, unique => writer.WriteBooleanValue(unique!.Value));
            WriteText(writer, "parent_experiment_id", draft.ParentExperimentId);
            WriteField(writer, "run_count", draft.RunCount, count => writer.WriteNumberValue(count!.Value));
        });
    }

    public static void WritePatch(Utf8JsonWriter writer, ExperimentPatch patch, FreeFormJson freeForm)
    {
        WriteResource(writer, () =>
        {
            WriteText(writer, "name", patch.Name);
            WriteText(writer, "description", patch.Description);
            WriteText(writer, "dataset_id", patch.DatasetId);
            WriteObject(writer, "metadata", patch.Metadata, freeForm);
            WriteText(writer, "status", patch.Status);
            WriteText(writer, "error", patch.ErrorMessage);
        });
    }

    /// <summary>Reads the resource of an answer, whatever it leaves out or adds.</summary>
    /// <exception cref="FormatException">There is no experiment in it.</exception>
    public static Experiment Read(JsonElement root, FreeFormJson freeForm)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("data", out JsonElement data) || data.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException("it has no 'data' object");
        }

        string id = data.TryGetProperty("id", out JsonElement idElement) ? LenientJson.Text(idElement) ?? string.Empty : string.Empty;
        if (id.Length == 0)
        {
            throw new FormatException("its 'data' has no 'id'");
        }

        JsonElement attributes = data.TryGetProperty("attributes", out JsonElement found) ? found : default;
        var fields = new LenientObject(attributes, freeForm);
        return new Experiment
        {
            Id = id,
            Name = fields.Text("name"),
            LogicalName = fields.Text("experiment"),
            ProjectId = fields.Text("project_id"),
            DatasetId = fields.Text("dataset_id"),
            DatasetName = fields.Text("dataset_name"),
            DatasetVersion = fields.Integer("dataset_version"),
            Description = fields.Text("description"),
            Config = fields.FreeForm("config"),
            Metadata = fields.FreeForm("metadata"),
            Status = fields.Text("status"),
            ErrorMessage = fields.Text("error"),
            RunCount = (int?)fields.Integer("run_count", int.MinValue, int.MaxValue),
            ParentExperimentId = fields.Text("parent_experiment_id"),
            AggregateData = fields.FreeForm("aggregate_data"),
            Author = ReadAuthor(fields.Object("author"), freeForm),
            CreatedAt = fields.Time("created_at"),
            UpdatedAt = fields.Time("updated_at"),
            DeletedAt = fields.Time("deleted_at"),
            AdditionalProperties = fields.Rest(),
        };
    }

    private static ExperimentAuthor? ReadAuthor(JsonElement? author, FreeFormJson freeForm)
    {
        if (author is null)
        {
            return null;
        }

        var fields = new LenientObject(author.Value, freeForm);
        return new ExperimentAuthor
        {
            Id = fields.Text("id"),
            Name = fields.Text("name"),
            Email = fields.Text("email"),
            Handle = fields.Text("handle"),
            Icon = fields.Text("icon"),
        };
    }

    private static void WriteResource(Utf8JsonWriter writer, Action writeAttributes)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("data"u8);
        writer.WriteString("type"u8, ResourceType);
        writer.WriteStartObject("attributes"u8);
        writeAttributes();
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteField<T>(Utf8JsonWriter writer, string name, Optional<T> field, Action<T> write)
    {
        if (field.IsGiven)
        {
            writer.WritePropertyName(name);
            if (field.Value is null)
            {
                writer.WriteNullValue();
            }
            else
            {
                write(field.Value);
            }
        }
    }

    private static void WriteText(Utf8JsonWriter writer, string name, Optional<string> field) =>
        WriteField(writer, name, field, writer.WriteStringValue);

    private static void WriteObject(Utf8JsonWriter writer, string name, Optional<object> field, FreeFormJson freeForm) =>
        WriteField(writer, name, field, value => freeForm.Write(writer, value));
}
