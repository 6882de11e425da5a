using LlmObs.Emulator.Http;

namespace LlmObs.Emulator.Routes;

/// <summary>Finds the operation that a request means.</summary>
/// <param name="routes">The operations.</param>
internal sealed class Router(IReadOnlyList<EmulatorRoute> routes)
{
    public Answer Handle(string method, string path, byte[] body)
    {
        string? allowed = null;
        foreach (EmulatorRoute route in routes)
        {
            if (!TryMatch(route.Template, path, out string id))
            {
                continue;
            }

            if (route.Method == method)
            {
                return route.Handle(id, body);
            }

            allowed = route.Method;
        }

        return Answer.Of(allowed is null
            ? new Problem(404, $"The emulator has no '{path}'.")
            : new Problem(405, $"'{path}' takes {allowed}, not {method}.") { Allow = allowed });
    }

    /// <summary>
    /// Compares the path as it was sent, segment by segment. Nothing is resolved: <c>..</c> is a segment like any other, and
    /// an id is only ever looked up, never part of a file's name.
    /// </summary>
    private static bool TryMatch(string template, string path, out string id)
    {
        id = string.Empty;
        string[] wanted = template.Split('/');
        string[] sent = path.Split('/');
        if (wanted.Length != sent.Length)
        {
            return false;
        }

        for (int index = 0; index < wanted.Length; index++)
        {
            if (wanted[index] == "*" && sent[index].Length > 0)
            {
                id = Uri.UnescapeDataString(sent[index]);
            }
            else if (wanted[index] != sent[index])
            {
                return false;
            }
        }

        return true;
    }
}
