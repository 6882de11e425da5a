namespace LlmObs.Emulator.Routes;

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
