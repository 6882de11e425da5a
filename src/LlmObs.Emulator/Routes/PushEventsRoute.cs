namespace LlmObs.Emulator.Routes;

/// <summary><c>POST …/experiments/{id}/events</c>: all events of a request are stored, or none.</summary>
internal sealed class PushEventsRoute(StoreWriter writer, EmulatorStore store, EmulatorOptions options) : EmulatorRoute
{
    public override string Method => "POST";

    public override string Template => "/api/v2/llm-obs/v1/experiments/*/events";

    public override Answer Handle(RouteRequest request)
    {
        if (store.FindExperiment(request.Id) is null)
        {
            return Answer.Of(StoreWriter.Unknown(request.Id));
        }

        EventRules rules = options.CheckMetricAge ? EventRules.At(options.Time.GetUtcNow()) : EventRules.None;
        Problem? problem = EventsReader.Read(request.Body, rules, out ParsedEvents events) ?? writer.Append(request.Id, events);
        return problem is null ? Answer.Empty(202) : Answer.Of(problem);
    }
}
