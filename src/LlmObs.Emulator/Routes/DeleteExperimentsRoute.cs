namespace LlmObs.Emulator.Routes;

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
