using System.Text.Json;

namespace LlmObs.Emulator.Routes;

/// <summary>Finds the operation that a request means.</summary>
/// <param name="routes">The operations.</param>
/// <param name="keys">Looks at the keys before anything is done.</param>
/// <param name="types">Looks at the type of bodies before anything is done.</param>
internal sealed class Router(IReadOnlyList<EmulatorRoute> routes, KeyCheck keys, TypeRefusal types)
{
    /// <summary>The path that Datadog's SDKs write to; its routes are answered like their siblings.</summary>
    private const string Unstable = "/api/unstable/llm-obs/";
    private const string Stable = "/api/v2/llm-obs/";

    private readonly IReadOnlyList<(string[] Template, EmulatorRoute Route)> _routes = [.. routes.Select(route => (route.Template.Split('/'), route))];

    public Answer Handle(RequestHead head, byte[] body, Func<bool> isClientGone)
    {
        string path = head.Path.StartsWith(Unstable, StringComparison.Ordinal) ? Stable + head.Path[Unstable.Length..] : head.Path;
        string[] sent = path.Split('/');
        var allowed = new List<string>();
        foreach ((string[] template, EmulatorRoute route) in _routes)
        {
            if (!TryMatch(template, sent, out List<string> ids))
            {
                continue;
            }

            if (route.Method == head.Method)
            {
                return ((route.AsksForKeys ? keys.Check(head.Headers, route.ApiKeyIsEnough) : null) ?? types.Check(body)) is { } refusal
                    ? Answer.Of(refusal)
                    : route.Handle(new RouteRequest(ids, new QueryParameters(head.Query), head.Headers, body, isClientGone));
            }

            allowed.Add(route.Method);
        }

        return Answer.Of(allowed.Count == 0
            ? new Problem(404, $"The emulator has no '{head.Path}'.")
            : new Problem(405, $"'{head.Path}' takes {string.Join(" or ", allowed)}, not {head.Method}.") { Allow = string.Join(", ", allowed) });
    }

    /// <summary>
    /// Compares the path as it was sent, segment by segment. Nothing is resolved: <c>..</c> is a segment like any other, and
    /// an id is only ever looked up, never part of a file's name.
    /// </summary>
    private static bool TryMatch(string[] template, string[] sent, out List<string> ids)
    {
        ids = [];
        if (template.Length != sent.Length)
        {
            return false;
        }

        for (int index = 0; index < template.Length; index++)
        {
            if (template[index] == "*" && sent[index].Length > 0)
            {
                ids.Add(Uri.UnescapeDataString(sent[index]));
            }
            else if (template[index] != sent[index])
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>Every operation that the emulator answers. A new one is a class of this folder and a line here.</summary>
internal static class AllRoutes
{
    public static IReadOnlyList<EmulatorRoute> Of(EmulatorStore store, StoreWriter writer, CatalogWriter catalog, EmulatorOptions options, RequestLimits limits)
    {
        var finder = new Finder(store, options);
        return
        [
            new CreateExperimentRoute(writer),
            new UpdateExperimentRoute(writer, store, options.PatchBody),
            new PushEventsRoute(writer, store, options),
            new AggregateRoute(store, limits, options.MetricKey),
            .. new ProjectRoutes(store.Catalog, catalog, options).All,
            .. new DatasetRoutes(store.Catalog, catalog, options).All,
            .. new RecordRoutes(store.Catalog, catalog, options).All,
            new ListExperimentsRoute(store, options),
            new DeleteExperimentsRoute(writer),
            new ListEventsRoute("v1", store, options),
            new ListEventsRoute("v2", store, options),
            new ListEventsRoute("v3", store, options),
            new SearchRoute(finder, options),
            new SimpleSearchRoute(finder),
            .. new SpanSearchRoutes(new SpanFinder(store, options), options).All,
            .. new TracerIntakeRoutes(writer, store).All,
            new ValidateApiKeyRoute(),
            new ValidateKeysRoute(),
        ];
    }
}

/// <summary>One operation of the API.</summary>
internal abstract class EmulatorRoute
{
    public abstract string Method { get; }

    /// <summary>Its path, with <c>*</c> for each segment with an id.</summary>
    public abstract string Template { get; }

    /// <summary>True if the API key is enough; all but one also require the application key.</summary>
    public virtual bool ApiKeyIsEnough => false;

    /// <summary>True if it requires keys at all; a tracer sends none to its agent.</summary>
    public virtual bool AsksForKeys => true;

    /// <summary>Handles a matched request.</summary>
    public abstract Answer Handle(RouteRequest request);
}

/// <summary>An operation that is a method of a group of operations.</summary>
internal sealed class HandledRoute(string method, string template, Func<RouteRequest, Answer> handle) : EmulatorRoute
{
    public override string Method => method;

    public override string Template => template;

    /// <summary>True if it is served without keys.</summary>
    public bool NeedsNoKeys { get; init; }

    public override bool AsksForKeys => !NeedsNoKeys;

    public override Answer Handle(RouteRequest request) => handle(request);
}

/// <summary>Refuses bodies for the word that they have for <c>data.type</c>, so that a client's fallbacks can be tried.</summary>
/// <param name="refused">The words.</param>
internal sealed class TypeRefusal(IReadOnlyList<string> refused)
{
    public Problem? Check(byte[] body)
    {
        if (refused.Count == 0 || body.Length == 0 || BodyJson.Parse(body, out JsonDocument? document) is not null)
        {
            return null;
        }

        using (document)
        {
            return document!.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("data", out JsonElement data)
                && data.ValueKind == JsonValueKind.Object
                && data.TryGetProperty("type", out JsonElement type)
                && type.ValueKind == JsonValueKind.String
                && refused.Contains(type.GetString()!)
                ? Problem.BadRequest($"The type '{type.GetString()}' is refused here.", "/data/type")
                : null;
        }
    }
}
