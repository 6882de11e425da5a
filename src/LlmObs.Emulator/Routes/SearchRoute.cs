namespace LlmObs.Emulator.Routes;

/// <summary><c>POST …/experimentation/search</c>: 206 while more pages follow.</summary>
internal sealed class SearchRoute(Finder finder, EmulatorOptions options) : EmulatorRoute
{
    public override string Method => "POST";

    public override string Template => "/api/v2/llm-obs/v1/experimentation/search";

    public override Answer Handle(RouteRequest request)
    {
        if (FindRequest.Read(request.Body, out FindRequest? wanted) is { } problem)
        {
            return Answer.Of(problem);
        }

        ListPage<FoundEntity> page = finder.Find(wanted!, found => wanted!.Page.Cut(found, entity => entity.Place));
        return Answer.Json(page.After is null ? 200 : 206, FindAnswer.Write(wanted!, page.Items, json => page.WriteMeta(json, options.ListEnd)));
    }
}
