namespace LlmObs.Emulator.Routes;

/// <summary><c>POST …/experimentation/analytics</c>.</summary>
internal sealed class AggregateRoute(EmulatorStore store, RequestLimits limits, EmulatorMetricKey key) : EmulatorRoute
{
    public override string Method => "POST";

    public override string Template => "/api/v2/llm-obs/v1/experimentation/analytics";

    public override Answer Handle(RouteRequest request)
    {
        Problem? problem = AggregateRequest.Read(request.Body, out AggregateRequest? aggregate);
        if (problem is not null)
        {
            return Answer.Of(problem);
        }

        problem = Aggregator.Run(store, aggregate!, limits.AggregateTime, request.IsClientGone, out AggregateAnswer? answer);
        return problem is null ? Answer.Json(200, answer!.ToJson(aggregate!, key)) : Answer.Of(problem);
    }
}
