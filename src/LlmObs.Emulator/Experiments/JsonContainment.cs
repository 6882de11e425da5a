using System.Text.Json;

namespace LlmObs.Emulator.Experiments;

/// <summary>
/// Whether one JSON value contains another, as the JSONB of PostgreSQL has it: an object contains one with fewer members,
/// a list one with fewer items, in any order; anything else only its equal.
/// </summary>
internal static class JsonContainment
{
    public static bool Contains(JsonElement whole, JsonElement part) => (whole.ValueKind, part.ValueKind) switch
    {
        (JsonValueKind.Object, JsonValueKind.Object) => part.EnumerateObject().All(member =>
            whole.TryGetProperty(member.Name, out JsonElement found) && Contains(found, member.Value)),
        (JsonValueKind.Array, JsonValueKind.Array) => part.EnumerateArray().All(item =>
            whole.EnumerateArray().Any(candidate => Contains(candidate, item))),
        _ => JsonElement.DeepEquals(whole, part),
    };
}
