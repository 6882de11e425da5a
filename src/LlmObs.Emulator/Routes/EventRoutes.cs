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

/// <summary><c>GET …/v3/experiments/{id}/events</c>, and the same of the older versions.</summary>
/// <param name="version">The version of the path, <c>v1</c> to <c>v3</c>.</param>
/// <param name="store">The data to read.</param>
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
        return store.Read((experiments, events) => experiments.Find(request.Id) is { } number
            ? Answer.Json(200, new EventListing(experiments[number], events, readable).Page(page, options.ListEnd))
            : Answer.Of(StoreWriter.Unknown(request.Id)));
    }
}

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
