namespace LlmObs.Emulator.Routes;

/// <summary><c>GET …/v3/experiments/{id}/events</c>, and the same of the older versions.</summary>
/// <param name="version">The version of the path, <c>v1</c> to <c>v3</c>.</param>
/// <param name="store">What is read.</param>
/// <param name="options">How.</param>
internal sealed class ListEventsRoute(string version, EmulatorStore store, EmulatorOptions options) : EmulatorRoute
{
    public override string Method => "GET";

    public override string Template => $"/api/v2/llm-obs/{version}/experiments/*/events";

    public override Answer Handle(RouteRequest request)
    {
        if (PageRequest.Read(request.Query, out PageRequest page) is { } problem)
        {
            return Answer.Of(problem);
        }

        DateTimeOffset readable = options.Time.GetUtcNow() - options.ReadLag;
        byte[]? answer = store.Read((experiments, events) => experiments.Find(request.Id) is { } number
            ? new EventListing(experiments[number], events, readable).Page(page, options.ListEnd)
            : null);
        return answer is null ? Answer.Of(StoreWriter.Unknown(request.Id)) : Answer.Json(200, answer);
    }
}
