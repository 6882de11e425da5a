using System.Collections.Concurrent;

namespace LlmObs.Emulator.Routes;

/// <summary>The operations on datasets and their versions.</summary>
internal sealed class DatasetRoutes(DatasetCatalog catalog, CatalogWriter writer, EmulatorOptions options)
{
    private const string Root = "/api/v2/llm-obs/v1/*/datasets";
    private const string Type = "datasets";

    /// <summary>Since when datasets are being edited on the web page; that lasts no longer than the emulator.</summary>
    private readonly ConcurrentDictionary<string, DateTimeOffset> _drafts = new(StringComparer.Ordinal);

    public IReadOnlyList<EmulatorRoute> All =>
    [
        new HandledRoute("GET", Root, List),
        new HandledRoute("POST", Root, Create),
        new HandledRoute("PATCH", Root + "/*", Update),
        new HandledRoute("POST", Root + "/delete", Delete),
        new HandledRoute("POST", "/api/v2/llm-obs/v1/datasets/delete", DeleteAnywhere),
        new HandledRoute("POST", Root + "/*/clone", Clone),
        new HandledRoute("POST", Root + "/*/restore", Restore),
        new HandledRoute("GET", Root + "/*/versions", Versions),
        new HandledRoute("GET", Root + "/*/export", Export),
        new HandledRoute("GET", Root + "/*/draft_state", request => Draft(request, id => _drafts.TryGetValue(id, out DateTimeOffset since) ? since : null)),
        new HandledRoute("PATCH", Root + "/*/draft_state/lock", request => Draft(request, id => _drafts.GetOrAdd(id, options.Time.GetUtcNow()))),
        new HandledRoute("PATCH", Root + "/*/draft_state/unlock", Unlock),
    ];

    private readonly CatalogJson _json = new(options.RecordForm);

    private byte[] Document(StoredDataset dataset) => ResourceDocument.One(json => _json.WriteDataset(json, dataset));

    private Answer List(RouteRequest request)
    {
        string project = request.Ids[0];
        Problem? problem = PageRequest.Read(request.Query, out PageRequest page)
            ?? (catalog.FindProject(project) is null ? CatalogProblems.UnknownProject(project) : null);
        if (problem is not null)
        {
            return Answer.Of(problem);
        }

        string? id = request.Query["filter[id]"], name = request.Query["filter[name]"];
        ListPage<(long Number, StoredDataset Dataset)> found = page.Cut(
            catalog.Datasets.Where(entry => entry.Dataset.ProjectId == project
                && (id ?? entry.Dataset.Id) == entry.Dataset.Id
                && (name ?? entry.Dataset.Name) == entry.Dataset.Name),
            entry => entry.Number,
            falling: true);
        return Answer.Json(200, ResourceDocument.List(found.Items, (json, entry) => _json.WriteDataset(json, entry.Dataset), json => found.WriteMeta(json, options.ListEnd)));
    }

    private Answer Create(RouteRequest request)
    {
        StoredDataset? dataset = null;
        Problem? problem = CatalogRequest.ReadCreation(request.Body, Type, out CatalogRequest wanted) ?? writer.CreateDataset(request.Ids[0], wanted, out dataset);
        return problem is null ? Answer.Json(200, Document(dataset!)) : Answer.Of(problem);
    }

    private Answer Update(RouteRequest request)
    {
        StoredDataset? dataset = null;
        Problem? problem = CatalogRequest.ReadUpdate(request.Body, Type, out CatalogRequest wanted)
            ?? writer.UpdateDataset(request.Ids[0], request.Id, wanted, out dataset);
        return problem is null ? Answer.Json(200, Document(dataset!)) : Answer.Of(problem);
    }

    private Answer Delete(RouteRequest request)
    {
        IReadOnlyList<StoredDataset> deleted = [];
        Problem? problem = IdsRequest.Read(request.Body, Type, "dataset_ids", out IReadOnlyList<string> ids)
            ?? writer.DeleteDatasets(request.Ids[0], ids, out deleted);
        return problem is null ? Deleted(deleted) : Answer.Of(problem);
    }

    private Answer DeleteAnywhere(RouteRequest request)
    {
        IReadOnlyList<StoredDataset> deleted = [];
        Problem? problem = IdsRequest.Read(request.Body, Type, "dataset_ids", out IReadOnlyList<string> ids) ?? writer.DeleteDatasets(ids, out deleted);
        return problem is null ? Deleted(deleted) : Answer.Of(problem);
    }

    private Answer Deleted(IReadOnlyList<StoredDataset> deleted) => options.DeleteBody == EmulatorDeleteBody.Empty
        ? Answer.Empty(204)
        : Answer.Json(200, ResourceDocument.List(deleted, _json.WriteDataset));

    private Answer Clone(RouteRequest request)
    {
        StoredDataset? dataset = null;
        Problem? problem = CatalogRequest.ReadCreation(request.Body, Type, out CatalogRequest wanted)
            ?? writer.CloneDataset(request.Ids[0], request.Id, wanted, out dataset);
        return problem is null ? Answer.Json(200, Document(dataset!)) : Answer.Of(problem);
    }

    private Answer Restore(RouteRequest request)
    {
        long? version = null;
        Problem? problem = BodyReader.Read(request.Body, [Type], attributes =>
            attributes.Required("dataset_version", out _) ?? attributes.Integer("dataset_version", 0, int.MaxValue, out version));
        problem ??= writer.Restore(request.Ids[0], request.Id, version!.Value);
        return problem is null ? Answer.Empty(200) : Answer.Of(problem);
    }

    private Answer Versions(RouteRequest request) => catalog.FindDataset(request.Ids[0], request.Id) is null
        ? Answer.Of(CatalogProblems.UnknownDataset(request.Ids[0], request.Id))
        : Answer.Json(200, ResourceDocument.List(catalog.Versions(request.Id), (json, version) => CatalogJson.WriteVersion(json, request.Id, version)));

    private Answer Export(RouteRequest request)
    {
        string format = request.Query["format"] ?? "csv";
        Problem? problem = format == "csv" ? null : Problem.WrongParameter("format", $"'format' must be csv, not '{format}'.");
        DatasetSnapshot? version = null;
        problem ??= DatasetView.Find(catalog, request, "version", out version);
        return problem is null
            ? new Answer { Status = 200, Body = RecordCsv.Write(version!.Records), ContentType = "text/csv" }
            : Answer.Of(problem);
    }

    private Answer Draft(RouteRequest request, Func<string, DateTimeOffset?> since)
    {
        if (catalog.FindDataset(request.Ids[0], request.Id) is null)
        {
            return Answer.Of(CatalogProblems.UnknownDataset(request.Ids[0], request.Id));
        }

        return since(request.Id) is { } time
            ? Answer.Json(200, ResourceDocument.One(json => ResourceDocument.WriteResource(json, request.Id, "draft_state_data", () =>
            {
                json.WriteString("drafting_since", ServiceTime.Format(time));
                EmulatorUser.Write(json, "user");
            })))
            : Answer.Of(new Problem(404, $"Nobody edits the dataset '{request.Id}'."));
    }

    private Answer Unlock(RouteRequest request)
    {
        if (catalog.FindDataset(request.Ids[0], request.Id) is null)
        {
            return Answer.Of(CatalogProblems.UnknownDataset(request.Ids[0], request.Id));
        }

        _drafts.TryRemove(request.Id, out _);
        return Answer.Empty(200);
    }
}
