namespace LlmObs.Emulator.Routes;

/// <summary><c>GET …/spans/events</c> and <c>POST …/spans/events/search</c>: spans of any experiment.</summary>
internal sealed class SpanSearchRoutes(SpanFinder finder, EmulatorOptions options)
{
    private const string Path = "/api/v2/llm-obs/v1/spans/events";

    public IReadOnlyList<EmulatorRoute> All { get; } =
    [
        new ListRoute(finder, options),
        new SearchRouteOfSpans(finder, options),
    ];

    private static Answer Answering(Problem? problem, SpanSearchRequest? request, SpanFinder finder) =>
        problem is not null ? Answer.Of(problem) : Answer.Json(200, finder.Find(request!));

    private sealed class ListRoute(SpanFinder finder, EmulatorOptions options) : EmulatorRoute
    {
        public override string Method => "GET";

        public override string Template => Path;

        public override Answer Handle(RouteRequest request) =>
            Answering(SpanSearchRequest.Read(request.Query, options.Time.GetUtcNow(), out SpanSearchRequest? wanted), wanted, finder);
    }

    private sealed class SearchRouteOfSpans(SpanFinder finder, EmulatorOptions options) : EmulatorRoute
    {
        public override string Method => "POST";

        public override string Template => Path + "/search";

        public override Answer Handle(RouteRequest request) =>
            Answering(SpanSearchRequest.Read(request.Body, options.Time.GetUtcNow(), out SpanSearchRequest? wanted), wanted, finder);
    }
}
