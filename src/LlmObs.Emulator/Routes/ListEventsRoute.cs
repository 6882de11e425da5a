namespace LlmObs.Emulator.Routes;

/// <summary><c>GET …/v3/experiments/{id}/events</c>.</summary>
internal sealed class ListEventsRoute(EmulatorStore store, EmulatorOptions options) : EmulatorRoute
{
    public override string Method => "GET";

    public override string Template => "/api/v2/llm-obs/v3/experiments/*/events";

    public override Answer Handle(RouteRequest request)
    {
        if (PageRequest.Read(request.Query, out PageRequest page) is { } problem)
        {
            return Answer.Of(problem);
        }

        DateTimeOffset readable = options.Time.GetUtcNow() - options.ReadLag;
        byte[]? answer = store.Read((experiments, events) => experiments.Find(request.Id) is { } number
            ? new ReadableEvents(experiments[number], events, readable).Page(page, options.ListEnd)
            : null);
        return answer is null ? Answer.Of(StoreWriter.Unknown(request.Id)) : Answer.Json(200, answer);
    }
}
