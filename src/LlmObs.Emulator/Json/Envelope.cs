using System.Text.Json;

namespace LlmObs.Emulator.Json;

/// <summary>The part that all request bodies share: <c>{"data":{"type":…,"attributes":{…}}}</c>.</summary>
internal static class Envelope
{
    public static Problem? Open(JsonDocument document, string type, out JsonFields attributes) => Open(document, [type], out attributes);

    /// <summary>Opens a body that may name one of several types.</summary>
    public static Problem? Open(JsonDocument document, IReadOnlyList<string> types, out JsonFields attributes)
    {
        attributes = default;
        JsonElement root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
        {
            return WrongRoot(BodyJson.NameOf(root.ValueKind));
        }

        if (new JsonFields(root, string.Empty).RequiredObject("data", out JsonFields data) is { } problem)
        {
            return problem;
        }

        if (data.RequiredText("type", out string found) is { } typeProblem)
        {
            return typeProblem;
        }

        return types.Contains(found)
            ? data.RequiredObject("attributes", out attributes)
            : WrongType(found, string.Join(" or ", types.Select(type => $"'{type}'")));
    }

    public static Problem WrongRoot(string found) =>
        Problem.BadRequest($"The body must be an object, not {found}.", string.Empty);

    public static Problem WrongType(string found, string expected) =>
        Problem.BadRequest($"'type' must be {expected}, not '{found}'.", "/data/type");
}
