namespace LlmObs.Emulator.Routes;

/// <summary><c>POST …/experimentation/simple-search</c>: pages by number, with their count.</summary>
internal sealed class SimpleSearchRoute(Finder finder) : EmulatorRoute
{
    public override string Method => "POST";

    public override string Template => "/api/v2/llm-obs/v1/experimentation/simple-search";

    public override Answer Handle(RouteRequest request)
    {
        if (FindRequest.Read(request.Body, out FindRequest? wanted) is { } problem)
        {
            return Answer.Of(problem);
        }

        List<FoundEntity> all = finder.Find(wanted!, found => SortField.Apply(wanted!.Sort, found).ToList());
        int limit = wanted!.Page.Limit;
        FoundEntity[] page = [.. all.Skip((int)Math.Min((wanted.Number - 1L) * limit, int.MaxValue)).Take(limit)];
        return Answer.Json(200, FindAnswer.Write(wanted, page, json =>
        {
            json.WriteStartObject("meta");
            json.WriteStartObject("page");
            json.WriteNumber("current", wanted.Number);
            json.WriteNumber("limit", limit);
            json.WriteNumber("total_count", all.Count);
            json.WriteNumber("total_pages", (all.Count + limit - 1) / limit);
            json.WriteEndObject();
            json.WriteEndObject();
        }));
    }
}
