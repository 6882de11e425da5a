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
    ];

    private Answer List(RouteRequest request)
    {
        DatasetSnapshot? version = null;
        Problem? problem = PageRequest.Read(request.Query, out PageRequest page) ?? DatasetView.Find(catalog, request, "filter[version]", out version);
        if (problem is not null)
        {
            return Answer.Of(problem);
        }

        ListPage<StoredRecord> found = page.Cut(version!.Records.Reverse(), record => record.Number, falling: true);
        return Answer.Json(200, ResourceDocument.List(
            found.Items, (json, record) => _json.WriteRecord(json, request.Id, record), json => found.WriteMeta(json, options.ListEnd)));
    }

    private Answer Change(RouteRequest request, RequestReader read)
    {
        IReadOnlyList<StoredRecord> changed = [];
        Problem? problem = read(request.Body, out RecordRequest wanted) ?? writer.Change(request.Ids[0], request.Id, wanted, out changed);
        return problem is null ? Answer.Json(200, _json.Mutation(request.Id, changed)) : Answer.Of(problem);
    }

    private Answer Delete(RouteRequest request)
    {
        Problem? problem = RecordRequest.ReadDeletion(request.Body, out RecordRequest wanted) ?? writer.Change(request.Ids[0], request.Id, wanted, out _);
        return problem is null ? Answer.Empty(204) : Answer.Of(problem);
    }

    private Answer Upload(RouteRequest request)
    {
        IReadOnlyList<StoredRecord> changed = [];
        Problem? problem = RecordUpload.Read(request, out RecordRequest wanted) ?? writer.Change(request.Ids[0], request.Id, wanted, out changed);
        return problem is null
            ? new Answer { Status = 200, Body = RecordUpload.Events(changed.Count), ContentType = "text/event-stream" }
            : Answer.Of(problem);
    }
}
