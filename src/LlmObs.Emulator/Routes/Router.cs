namespace LlmObs.Emulator.Routes;

/// <summary>Finds the operation that a request means.</summary>
/// <param name="routes">The operations.</param>
/// <param name="keys">Looks at the keys before anything is done.</param>
/// <param name="types">Looks at the type of bodies before anything is done.</param>
internal sealed class Router(IReadOnlyList<EmulatorRoute> routes, KeyCheck keys, TypeRefusal types)
{
    /// <summary>Where Datadog's SDKs write to; what is there is answered like its sibling.</summary>
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
