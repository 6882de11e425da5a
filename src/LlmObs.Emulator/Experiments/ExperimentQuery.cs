using System.Text.Json;

namespace LlmObs.Emulator.Experiments;

/// <summary>The experiments of a list: those that match all its filters.</summary>
internal sealed record ExperimentQuery
{
    private const string MetadataParameter = "filter[metadata]";

    public string? ProjectId { get; init; }

    public string? DatasetId { get; init; }

    public required IReadOnlyList<string> Ids { get; init; }

    public string? Name { get; init; }

    public string? LogicalName { get; init; }

    public JsonElement? Metadata { get; init; }

    public required IReadOnlyList<string> ParentIds { get; init; }

    public bool Deleted { get; init; }

    public bool IncludeUser { get; init; }

    public bool IncludeDatasetName { get; init; }

    public static Problem? Read(QueryParameters parameters, out ExperimentQuery? query)
    {
        query = null;
        bool includeUser = false, includeName = false;
        JsonElement? metadata = null;
        Problem? problem = parameters.Flag("filter[is_deleted]", out bool deleted)
            ?? parameters.Flag("include[user_data]", out includeUser)
            ?? parameters.Flag("include[dataset_names]", out includeName)
            ?? ReadMetadata(parameters, out metadata);
        if (problem is null)
        {
            query = new ExperimentQuery
            {
                ProjectId = parameters["filter[project_id]"],
                DatasetId = parameters["filter[dataset_id]"],
                Ids = parameters.Values("filter[id]"),
                Name = parameters["filter[name]"],
                LogicalName = parameters["filter[experiment]"],
                Metadata = metadata,
                ParentIds = parameters.Values("filter[parent_experiment_id]"),
                Deleted = deleted,
                IncludeUser = includeUser,
                IncludeDatasetName = includeName,
            };
        }

        return problem;
    }

    public bool Fits(StoredExperiment experiment) =>
        Deleted == experiment.DeletedAt is not null
        && Is(ProjectId, experiment.ProjectId)
        && Is(DatasetId, experiment.DatasetId)
        && IsOneOf(Ids, experiment.Id)
        && Is(Name, experiment.Name)
        && Is(LogicalName, experiment.LogicalName)
        && IsOneOf(ParentIds, experiment.ParentExperimentId)
        && (Metadata is not { } wanted || (experiment.Metadata is { } metadata && JsonContainment.Contains(metadata, wanted)));

    private static bool Is(string? wanted, string? value) => wanted is null || wanted == value;

    private static bool IsOneOf(IReadOnlyList<string> wanted, string? value) => wanted.Count == 0 || (value is not null && wanted.Contains(value));

    private static Problem? ReadMetadata(QueryParameters parameters, out JsonElement? metadata)
    {
        metadata = null;
        if (parameters[MetadataParameter] is not { } text)
        {
            return null;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = Json.BodyJson.MaxDepth });
            metadata = document.RootElement.Clone();
            return metadata.Value.ValueKind == JsonValueKind.Object ? null : Refuse($"not {Json.BodyJson.NameOf(metadata.Value.ValueKind)}");
        }
        catch (JsonException)
        {
            return Refuse("and it is no JSON");
        }
    }

    private static Problem Refuse(string found) =>
        Problem.WrongParameter(MetadataParameter, $"'{MetadataParameter}' must be a JSON object, {found}.");
}

/// <summary>
/// True if one JSON value contains another, like the JSONB of PostgreSQL: an object contains one with fewer members,
/// a list one with fewer items, in any order; anything else only its equal.
/// </summary>
internal static class JsonContainment
{
    public static bool Contains(JsonElement whole, JsonElement part) => (whole.ValueKind, part.ValueKind) switch
    {
        (JsonValueKind.Object, JsonValueKind.Object) => part.EnumerateObject().All(member =>
            whole.TryGetProperty(member.Name, out JsonElement found) && Contains(found, member.Value)),
        (JsonValueKind.Array, JsonValueKind.Array) => part.EnumerateArray().All(item =>
            whole.EnumerateArray().Any(candidate => Contains(candidate, item))),
        _ => JsonElement.DeepEquals(whole, part),
    };
}
