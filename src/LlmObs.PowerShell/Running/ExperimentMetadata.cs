using System.Text.Json;
using LlmObs.Evaluation.Results;

namespace LlmObs.PowerShell.Running;

/// <summary>
/// An experiment's metadata with what is known of the build, under both of the conventions that Datadog's own recipes filter
/// by: <c>commit</c> and <c>branch</c>, and <c>tags</c> with <c>git.commit.sha</c>. What the user gives goes before it.
/// </summary>
internal static class ExperimentMetadata
{
    /// <returns>The metadata; null if there is none.</returns>
    /// <exception cref="UnwritableValueException">The user's metadata has no form in JSON.</exception>
    public static object? Of(object? given, BuildMetadata build)
    {
        if (build.IsEmpty)
        {
            return given;
        }

        var known = new OrderedDictionary<string, object?>();
        void Add(string name, string? value)
        {
            if (value is not null)
            {
                known[name] = value;
            }
        }

        Add("commit", build.Commit);
        Add("branch", build.Branch);
        Add("build_url", build.BuildUrl);
        RawJson own = given is null ? default : JsonSnapshot.Of(given);
        known["tags"] = OwnTags(own).Concat(build.Tags()).Distinct(StringComparer.Ordinal).ToArray();
        RawJson merged = JsonSnapshot.Merge(JsonSnapshot.Of(known), own, JsonSnapshot.Of(new Dictionary<string, object?> { ["tags"] = known["tags"] }));
        return merged.Read();
    }

    private static IEnumerable<string> OwnTags(RawJson own) =>
        !own.IsMissing && own.Read() is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("tags", out JsonElement tags) && tags.ValueKind == JsonValueKind.Array
            ? [.. tags.EnumerateArray().Select(tag => tag.ValueKind == JsonValueKind.String ? tag.GetString()! : tag.GetRawText())]
            : [];
}
