using System.Text.Json;

namespace LlmObs.Client.Api;

/// <summary>Pages of lists as the API writes them: <c>data[]</c> and <c>meta.after</c>.</summary>
internal static class PageJson
{
    /// <summary>Reads a page whose items are the list <c>data</c>.</summary>
    /// <exception cref="FormatException">There is no list in it, or an item can't be read.</exception>
    public static Page<T> Read<T>(JsonElement root, Func<JsonElement, T> readItem) =>
        new(ReadItems(Member(root, "data"), "data", readItem), Next(root));

    /// <summary>Reads the items of a list; null is an empty one.</summary>
    /// <exception cref="FormatException">It is no list, or an item can't be read.</exception>
    public static List<T> ReadItems<T>(JsonElement? list, string name, Func<JsonElement, T> readItem) => list switch
    {
        { ValueKind: JsonValueKind.Array } items => [.. items.EnumerateArray().Select(readItem)],
        { ValueKind: JsonValueKind.Null } => [],
        _ => throw new FormatException($"it has no list '{name}'"),
    };

    /// <summary>The cursor of the next page. On the last one it is empty as recorded, null or absent as documented.</summary>
    public static string? Next(JsonElement root) =>
        Member(root, "meta") is JsonElement meta && Member(meta, "after") is JsonElement after && LenientJson.Text(after) is { Length: > 0 } cursor ? cursor : null;

    /// <summary>A member of an object; null where there is no object or no such member.</summary>
    public static JsonElement? Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement found) ? found : null;
}
