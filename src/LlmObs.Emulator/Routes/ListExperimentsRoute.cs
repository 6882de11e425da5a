namespace LlmObs.Emulator.Routes;

/// <summary><c>GET …/experiments</c>: newest first.</summary>
internal sealed class ListExperimentsRoute(EmulatorStore store, EmulatorOptions options) : EmulatorRoute
{
    public override string Method => "GET";

    public override string Template => "/api/v2/llm-obs/v1/experiments";

    public override Answer Handle(RouteRequest request)
    {
        PageRequest page = new(null, PageRequest.Largest);
        Problem? problem = ExperimentQuery.Read(request.Query, out ExperimentQuery? query) ?? PageRequest.Read(request.Query, out page);
        if (problem is not null)
        {
            return Answer.Of(problem);
        }

        DateTimeOffset readable = options.Time.GetUtcNow() - options.ReadLag;
        ListPage<int> found = store.Read((experiments, _) => page.Cut(
            experiments.NewestFirst.Where(number => experiments[number].Current is { } one && one.CreatedAt <= readable && query!.Fits(one)),
            number => number,
            falling: true));
        var shown = new ListPage<StoredExperiment>(
            store.Read((experiments, _) => found.Items.Select(number => experiments[number].Current).ToList()), found.After);
        var extras = new ExperimentExtras(query!.IncludeUser, query.IncludeDatasetName ? DatasetName : _ => null, store.Sums);
        return Answer.Json(200, ExperimentResource.List(shown, options.ListEnd, extras));
    }

    private string? DatasetName(StoredExperiment experiment) =>
        experiment.DatasetId is { } id ? store.Catalog.FindDataset(experiment.ProjectId, id)?.Name : null;
}
