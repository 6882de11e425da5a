using System.Text.Json;

namespace LlmObs.Client.Api;

/// <content>Projects.</content>
public sealed partial class LlmObsClient
{
    private const string ProjectsPath = "api/v2/llm-obs/v1/projects";

    /// <summary>"List projects", newest first.</summary>
    /// <param name="name">Only those that the service finds by this name; null for all.</param>
    /// <param name="id">Only the one of this id; null for all.</param>
    /// <returns>The pages, to be read.</returns>
    public PagedCall<Project> ListProjects(string? name = null, string? id = null) => new(
        PageSize.OfLists,
        (cursor, limit) => Get(
            new QueryString().Add("filter[id]", id).Add("filter[name]", name).AddPage(cursor, limit).Behind(ProjectsPath),
            root => ResourceJson.ReadPage(root, item => ProjectJson.Read(item, Options.FreeForm))));

    /// <summary>"Create project": returns the project of that name, if there is one already, so it can be sent again.</summary>
    /// <param name="draft">The new project.</param>
    public ApiCall<Project> CreateProject(ProjectDraft draft) => new(
        Transport,
        HttpMethod.Post,
        ProjectsPath,
        Body(writer => ProjectJson.WriteDraft(writer, draft, Options.FreeForm)),
        RetrySafety.AfterTransientFailure,
        answer => answer.ReadJson(root => ProjectJson.Read(ResourceJson.Data(root), Options.FreeForm)));

    /// <summary>"Update project".</summary>
    /// <param name="projectId">Which project.</param>
    /// <param name="patch">The changes.</param>
    /// <returns>A call whose answer is null if the service sends none.</returns>
    public ApiCall<Project?> UpdateProject(string projectId, ProjectPatch patch) => new(
        Transport,
        HttpMethod.Patch,
        $"{ProjectsPath}/{Segment(projectId, "project")}",
        Body(writer => ProjectJson.WritePatch(writer, patch, Options.FreeForm)),
        RetrySafety.AfterTransientFailure,
        answer => answer.TryReadJson(root => ProjectJson.Read(ResourceJson.Data(root), Options.FreeForm)));

    /// <summary>"Delete projects", all in one request.</summary>
    /// <param name="projectIds">Which projects.</param>
    /// <returns>A call that returns the status, because the answer contains nothing more.</returns>
    public ApiCall<int> DeleteProjects(IReadOnlyList<string> projectIds) =>
        Delete($"{ProjectsPath}/delete", ProjectJson.ResourceType, "project_ids", projectIds);

    // What is gone stays gone: a deletion can be sent again. Its answer is nothing by the documents; some was recorded.
    private ApiCall<int> Delete(string path, string type, string member, IReadOnlyList<string> ids) => new(
        Transport,
        HttpMethod.Post,
        path,
        Body(writer => ResourceJson.WriteIds(writer, type, member, ids)),
        RetrySafety.AfterTransientFailure,
        answer => answer.StatusCode);
}

/// <summary>Projects as the API writes them.</summary>
internal static class ProjectJson
{
    public const string ResourceType = "projects";

    public static void WriteDraft(Utf8JsonWriter writer, ProjectDraft draft, HostObjectJson freeForm) =>
        Write(writer, draft.Name, draft.Description, freeForm);

    public static void WritePatch(Utf8JsonWriter writer, ProjectPatch patch, HostObjectJson freeForm) =>
        Write(writer, patch.Name, patch.Description, freeForm);

    /// <summary>Reads a resource, with missing or additional fields.</summary>
    /// <exception cref="FormatException">It has no id.</exception>
    public static Project Read(JsonElement resource, HostObjectJson freeForm)
    {
        string id = ResourceJson.Id(resource);
        LenientObject fields = ResourceJson.Attributes(resource, freeForm);
        return new Project
        {
            Id = id,
            Name = fields.Text("name"),
            Description = fields.Text("description"),
            CreatedAt = fields.Time("created_at"),
            UpdatedAt = fields.Time("updated_at"),
            AdditionalProperties = fields.UnknownMembers(),
        };
    }

    private static void Write(Utf8JsonWriter writer, Optional<string> name, Optional<string> description, HostObjectJson freeForm) =>
        ResourceJson.Write(writer, ResourceType, id: null, () =>
        {
            ResourceJson.WriteValue(writer, "name", name, freeForm);
            ResourceJson.WriteValue(writer, "description", description, freeForm);
        });
}
