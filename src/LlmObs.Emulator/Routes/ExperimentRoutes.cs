namespace LlmObs.Emulator.Routes;

/// <summary>
/// <c>POST …/experiments</c>. All recorded creations were answered with 200, new ones too.
/// </summary>
internal sealed class CreateExperimentRoute(StoreWriter writer) : EmulatorRoute
{
    public override string Method => "POST";

    public override string Template => "/api/v2/llm-obs/v1/experiments";

    public override Answer Handle(RouteRequest request)
    {
        if (ExperimentRequest.Read(request.Body, out ExperimentRequest? wanted) is { } problem)
        {
            return Answer.Of(problem);
        }

        return writer.Create(wanted!, request.Body, out (StoredExperiment Experiment, bool IsNew) result) is { } failure
            ? Answer.Of(failure)
            : Answer.Json(200, ExperimentResource.Document(result.Experiment, atCreation: result.IsNew));
    }
}

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

/// <summary><c>PATCH …/experiments/{id}</c>.</summary>
internal sealed class UpdateExperimentRoute(StoreWriter writer, EmulatorStore store, EmulatorPatchBody answer) : EmulatorRoute
{
    public override string Method => "PATCH";

    public override string Template => "/api/v2/llm-obs/v1/experiments/*";

    public override Answer Handle(RouteRequest request)
    {
        if (store.FindExperiment(request.Id) is null)
        {
            return Answer.Of(StoreWriter.Unknown(request.Id));
        }

        if (ExperimentChanges.Read(request.Body, out ExperimentChanges? changes) is { } problem)
        {
            return Answer.Of(problem);
        }

        if (writer.Update(request.Id, changes!, request.Body, out StoredExperiment? experiment) is { } failure)
        {
            return Answer.Of(failure);
        }

        return answer == EmulatorPatchBody.Resource
            ? Answer.Json(200, ExperimentResource.Document(experiment!, atCreation: false))
            : Answer.Empty(200);
    }
}

/// <summary><c>POST …/experiments/delete</c>. No answer of it is documented for ids that are not there: they are passed over.</summary>
internal sealed class DeleteExperimentsRoute(StoreWriter writer) : EmulatorRoute
{
    public override string Method => "POST";

    public override string Template => "/api/v2/llm-obs/v1/experiments/delete";

    public override Answer Handle(RouteRequest request)
    {
        Problem? problem = ExperimentDeletion.Read(request.Body, out IReadOnlyList<string> ids) ?? writer.Delete(ids, request.Body);
        return problem is null ? Answer.Empty(204) : Answer.Of(problem);
    }
}
