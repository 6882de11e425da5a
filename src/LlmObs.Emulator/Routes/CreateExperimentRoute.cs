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
