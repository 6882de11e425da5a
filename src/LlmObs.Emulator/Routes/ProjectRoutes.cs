using System.Text.Json;

namespace LlmObs.Emulator.Routes;

/// <summary>The operations on projects.</summary>
internal sealed class ProjectRoutes(DatasetCatalog catalog, CatalogWriter writer, EmulatorOptions options)
{
    private const string Root = "/api/v2/llm-obs/v1/projects";
    private const string Type = "projects";

    public IReadOnlyList<EmulatorRoute> All =>
    [
        new HandledRoute("GET", Root, List),
        new HandledRoute("POST", Root, Create),
        new HandledRoute("PATCH", Root + "/*", Update),
        new HandledRoute("POST", Root + "/delete", Delete),
    ];

    private readonly CatalogJson _json = new(options.RecordForm);

    private byte[] Document(StoredProject project) => ResourceDocument.One(json => _json.WriteProject(json, project));

    private Answer List(RouteRequest request)
    {
        if (PageRequest.Read(request.Query, out PageRequest page) is { } problem)
        {
            return Answer.Of(problem);
        }

        string? id = request.Query["filter[id]"], name = request.Query["filter[name]"];
        ListPage<(long Number, StoredProject Project)> found = page.Cut(
            catalog.Projects.Where(entry => (id ?? entry.Project.Id) == entry.Project.Id && (name ?? entry.Project.Name) == entry.Project.Name),
            entry => entry.Number,
            falling: true);
        return Answer.Json(200, ResourceDocument.List(found.Items, (json, entry) => _json.WriteProject(json, entry.Project), json => found.WriteMeta(json, options.ListEnd)));
    }

    private Answer Create(RouteRequest request)
    {
        StoredProject? project = null;
        Problem? problem = CatalogRequest.ReadCreation(request.Body, Type, out CatalogRequest wanted) ?? writer.CreateProject(wanted, out project);
        return problem is null ? Answer.Json(200, Document(project!)) : Answer.Of(problem);
    }

    private Answer Update(RouteRequest request)
    {
        StoredProject? project = null;
        Problem? problem = CatalogRequest.ReadUpdate(request.Body, Type, out CatalogRequest wanted) ?? writer.UpdateProject(request.Id, wanted, out project);
        return problem is null ? Answer.Json(200, Document(project!)) : Answer.Of(problem);
    }

    private Answer Delete(RouteRequest request)
    {
        Problem? problem = IdsRequest.Read(request.Body, Type, "project_ids", out IReadOnlyList<string> ids) ?? writer.DeleteProjects(ids);
        return problem is null ? Answer.Empty(204) : Answer.Of(problem);
    }
}
