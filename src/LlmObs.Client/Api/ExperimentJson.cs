using System.Text.Json;

namespace LlmObs.Client.Api;

/// <summary>Experiments as the API writes them.</summary>
internal static class ExperimentJson
{
    private const string ResourceType = "experiments";

    public static void WriteDraft(Utf8JsonWriter writer, ExperimentDraft draft, HostObjectJson freeForm)
    {
        ResourceJson.Write(writer, ResourceType, id: null, () =>
        {
            ResourceJson.WriteValue(writer, "name", (Optional<string>)draft.Name, freeForm);
            ResourceJson.WriteValue(writer, "project_id", (Optional<string>)draft.ProjectId, freeForm);
            ResourceJson.WriteValue(writer, "dataset_id", draft.DatasetId, freeForm);
            ResourceJson.WriteValue(writer, "dataset_version", draft.DatasetVersion, freeForm);
            ResourceJson.WriteValue(writer, "description", draft.Description, freeForm);
            ResourceJson.WriteValue(writer, "config", draft.Config, freeForm);
            ResourceJson.WriteValue(writer, "metadata", draft.Metadata, freeForm);
            ResourceJson.WriteValue(writer, "ensure_unique", draft.EnsureUnique, freeForm);
            ResourceJson.WriteValue(writer, "parent_experiment_id", draft.ParentExperimentId, freeForm);
            ResourceJson.WriteValue(writer, "run_count", draft.RunCount, freeForm);
        });
    }

    public static void WritePatch(Utf8JsonWriter writer, ExperimentPatch patch, HostObjectJson freeForm)
    {
        ResourceJson.Write(writer, ResourceType, id: null, () =>
        {
            ResourceJson.WriteValue(writer, "name", patch.Name, freeForm);
            ResourceJson.WriteValue(writer, "description", patch.Description, freeForm);
            ResourceJson.WriteValue(writer, "dataset_id", patch.DatasetId, freeForm);
            ResourceJson.WriteValue(writer, "metadata", patch.Metadata, freeForm);
            ResourceJson.WriteValue(writer, "status", patch.Status, freeForm);
            ResourceJson.WriteValue(writer, "error", patch.ErrorMessage, freeForm);
        });
    }

    public static void WriteDeletion(Utf8JsonWriter writer, IReadOnlyList<string> ids) =>
        ResourceJson.WriteIds(writer, ResourceType, "experiment_ids", ids);

    /// <summary>Reads the resource of an answer, with missing or additional fields.</summary>
    /// <exception cref="FormatException">There is no experiment in it.</exception>
    public static Experiment Read(JsonElement root, HostObjectJson freeForm) => ReadResource(ResourceJson.Data(root), freeForm);

    /// <summary>Reads one experiment of an answer.</summary>
    /// <exception cref="FormatException">It has no id.</exception>
    public static Experiment ReadResource(JsonElement data, HostObjectJson freeForm) =>
        ReadAttributes(ResourceJson.Id(data), ResourceJson.Attributes(data, freeForm), freeForm);

    /// <summary>Reads one experiment of a search's results: its attributes and its id side by side, or as a resource.</summary>
    public static Experiment ReadFound(JsonElement item, HostObjectJson freeForm)
    {
        if (ResourceJson.Member(item, "attributes") is JsonElement { ValueKind: JsonValueKind.Object })
        {
            return ReadResource(item, freeForm);
        }

        var fields = new LenientObject(item, freeForm);
        return ReadAttributes(fields.Text("id") ?? fields.Text("experiment_id") ?? string.Empty, fields, freeForm);
    }

    private static Experiment ReadAttributes(string id, LenientObject fields, HostObjectJson freeForm) => new()
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
        RunCount = fields.Int32("run_count"),
        ParentExperimentId = fields.Text("parent_experiment_id"),
        AggregateData = ReadAggregate(fields.Object("aggregate_data"), freeForm),
        Author = ReadAuthor(fields.Object("author"), freeForm),
        CreatedAt = fields.Time("created_at"),
        UpdatedAt = fields.Time("updated_at"),
        DeletedAt = fields.Time("deleted_at"),
        AdditionalProperties = fields.UnknownMembers(),
    };

    private static ExperimentAggregate? ReadAggregate(JsonElement? aggregate, HostObjectJson freeForm)
    {
        if (aggregate is null)
        {
            return null;
        }

        LenientObject fields = new(aggregate.Value, freeForm);
        LenientObject evaluations = new(fields.Object("evaluations") ?? default, freeForm);
        return new ExperimentAggregate
        {
            Evaluations = evaluations.FreeForm("custom"),
            SummaryEvaluations = evaluations.FreeForm("summary"),
            SpanCount = fields.Integer("total_spans"),
            ErrorCount = fields.Integer("total_errors"),
            TokenCount = fields.Integer("total_tokens"),
            InputTokenCount = fields.Integer("total_input_tokens"),
            OutputTokenCount = fields.Integer("total_output_tokens"),
            Duration = fields.Integer("total_duration_ns") is long duration ? TimeSpan.FromTicks(duration / TimeSpan.NanosecondsPerTick) : null,
            CostUsd = fields.Number("estimated_total_cost") is double nanodollars and > -1e18 and < 1e18 ? (decimal)nanodollars / 1_000_000_000 : null,
            AdditionalProperties = fields.UnknownMembers(("evaluations", evaluations)),
        };
    }

    private static ExperimentAuthor? ReadAuthor(JsonElement? author, HostObjectJson freeForm)
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
}
