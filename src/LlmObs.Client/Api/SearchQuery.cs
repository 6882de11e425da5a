using System.Text;

namespace LlmObs.Client.Api;

/// <summary>Puts conditions into Datadog's search syntax, quoted where a value would be read as syntax.</summary>
public static class SearchQuery
{
    /// <summary>Adds conditions to a query that a person wrote.</summary>
    /// <param name="query">That query; may be empty.</param>
    /// <param name="conditions">Fields and the values of which one must match; without values a field is not asked for.</param>
    /// <returns>The whole query.</returns>
    public static string Combine(string? query, params IReadOnlyList<KeyValuePair<string, IReadOnlyList<string>>> conditions) =>
        Join(query, [.. conditions.Where(condition => condition.Value.Count > 0).Select(condition => Condition(condition.Key, condition.Value))]);

    /// <summary>Adds that a name, of an attribute or of a tag, has a value.</summary>
    internal static string CombineAttributeOrTag(string query, string name, string value) => Join(query, [$"(@{name}:{Quote(value)} OR {name}:{Quote(value)})"]);

    /// <summary>Adds that an event has no value of a field.</summary>
    internal static string CombineWithout(string query, string name, bool isAttribute) => Join(query, isAttribute ? [$"-@{name}:*"] : [$"-@{name}:*", $"-{name}:*"]);

    private static string Join(string? query, string[] parts)
    {
        string own = (query ?? string.Empty).Trim();
        if (own.Length == 0)
        {
            return string.Join(' ', parts);
        }

        // "a OR b @label:x" would read as "a OR (b AND @label:x)".
        string first = parts.Length > 0 && own.Any(char.IsWhiteSpace) ? $"({own})" : own;
        return string.Join(' ', [first, .. parts]);
    }

    private static string Condition(string field, IReadOnlyList<string> values) => values.Count == 1
        ? $"@{field}:{Quote(values[0])}"
        : $"@{field}:({string.Join(" OR ", values.Select(Quote))})";

    private static string Quote(string value)
    {
        if (value.Length > 0 && value[0] != '-' && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.') && value is not ("AND" or "OR" or "NOT" or "TO"))
        {
            return value;
        }

        var quoted = new StringBuilder("\"");
        foreach (char c in value)
        {
            quoted.Append(c is '"' or '\\' ? "\\" : string.Empty).Append(c);
        }

        return quoted.Append('"').ToString();
    }
}
