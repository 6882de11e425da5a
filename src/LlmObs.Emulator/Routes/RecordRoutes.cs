namespace LlmObs.Emulator.Routes;

/// <summary>The operations on the records of datasets.</summary>
internal sealed class RecordRoutes(DatasetCatalog catalog, CatalogWriter writer, EmulatorOptions options)
{
    private const string Root = "/api/v2/llm-obs/v1/*/datasets/*";

    private readonly CatalogJson _json = new(options.RecordForm);

    private delegate Problem? RequestReader(byte[] body, out RecordRequest request);

    public IReadOnlyList<EmulatorRoute> All =>
    [
        new HandledRoute("GET", Root + "/records", List),
        new HandledRoute("POST", Root + "/records", request => Change(request, RecordRequest.ReadCreation)),
        new HandledRoute("PATCH", Root + "/records", request => Change(request, RecordRequest.ReadUpdate)),
        new HandledRoute("POST", Root + "/records/delete", Delete),
        new HandledRoute("POST", Root + "/batch_update", request => Change(request, RecordRequest.ReadBatch)),
        new HandledRoute("POST", "/api/v2/llm-obs/v2/*/datasets/*/records/upload", Upload),
        new HandledRoute("POST", "/api/v2/llm-obs/v1/datasets/*/records/upload", UploadAnywhere),
    ];

    private Answer List(RouteRequest request)
    {
        DatasetSnapshot? version = null;
        Problem? problem = PageRequest.Read(request.Query, out PageRequest page) ?? DatasetView.Find(catalog, request, "filter[version]", out version);
        if (problem is not null)
        {
            return Answer.Of(problem);
        }

        HashSet<string> tags = [.. request.Query.Values("filter[tags]")];
        IEnumerable<StoredRecord> records = version!.NewestBefore(page.After).Where(record => tags.Count == 0 || record.Tags.Any(tags.Contains));
        ListPage<StoredRecord> found = page.Cut(records, record => record.Number, falling: true);
        return Answer.Json(200, ResourceDocument.List(
            found.Items, (json, record) => _json.WriteRecord(json, request.Id, record), json => found.WriteMeta(json, options.ListEnd)));
    }

    private Answer Change(RouteRequest request, RequestReader read)
    {
        RecordsTouched? touched = null;
        Problem? problem = read(request.Body, out RecordRequest wanted) ?? writer.Change(request.Ids[0], request.Id, wanted, out touched);
        return problem is null ? Answer.Json(200, _json.Mutation(request.Id, touched!)) : Answer.Of(problem);
    }

    private Answer Delete(RouteRequest request)
    {
        Problem? problem = RecordRequest.ReadDeletion(request.Body, out RecordRequest wanted) ?? writer.Change(request.Ids[0], request.Id, wanted, out _);
        return problem is null ? Answer.Empty(204) : Answer.Of(problem);
    }

    private Answer Upload(RouteRequest request) => Upload(request, request.Ids[0], touched =>
        new Answer { Status = 200, Body = new(RecordUpload.Events(touched.Changed.Count)), ContentType = "text/event-stream" });

    /// <summary>The upload that names no project, as Datadog's SDKs send it; its answer is JSON.</summary>
    private Answer UploadAnywhere(RouteRequest request) => Upload(request, catalog.FindDataset(request.Id)?.ProjectId ?? string.Empty, touched =>
        Answer.Json(200, ResourceDocument.One(json => ResourceDocument.WriteResource(
            json, request.Id, "datasets", () => json.WriteNumber("dataset_version", touched.Version)))));

    private Answer Upload(RouteRequest request, string projectId, Func<RecordsTouched, Answer> answer)
    {
        RecordsTouched? touched = null;
        Problem? problem = RecordUpload.Read(request, out RecordRequest wanted) ?? writer.Change(projectId, request.Id, wanted, out touched);
        return problem is null ? answer(touched!) : Answer.Of(problem);
    }
}
