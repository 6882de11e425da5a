using System.Globalization;

namespace LlmObs.Client.Json;

/// <summary>
/// The way to a member inside of members, as people write it: <c>outputs.score</c>, <c>resps[0].text</c>, <c>messages[-1]</c>
/// counted from the end, and <c>*</c> for every one. A name may hold dots itself: the longest that is there is meant.
/// </summary>
public static class MemberPath
{
    /// <summary>The rest of a path after a name that it begins with; case does not matter.</summary>
    /// <param name="name">A member's name.</param>
    /// <returns>The rest, empty at the end; null if the path begins otherwise.</returns>
    public static string? After(string path, string name)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length == 0 || !path.StartsWith(name, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        return path.Length == name.Length ? string.Empty
            : path[name.Length] == '[' ? path[name.Length..]
            : path[name.Length] == '.' && path.Length > name.Length + 1 ? path[(name.Length + 1)..]
            : null;
    }

    /// <summary>The number that a path begins with in brackets.</summary>
    /// <param name="rest">The rest after it.</param>
    /// <returns>The number, below zero from the end; null if there is none.</returns>
    public static int? Index(string path, out string rest)
    {
        ArgumentNullException.ThrowIfNull(path);
        rest = string.Empty;
        int end = path.StartsWith('[') ? path.IndexOf(']', StringComparison.Ordinal) : -1;
        if (end < 0 || !int.TryParse(path.AsSpan(1, end - 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int index))
        {
            return null;
        }

        rest = path[(end + 1)..].TrimStart('.');
        return index;
    }

    /// <summary>True if a path begins with <c>*</c>, which means every member or item.</summary>
    /// <param name="rest">The rest after it.</param>
    /// <returns>True if it does.</returns>
    public static bool IsEvery(string path, out string rest)
    {
        ArgumentNullException.ThrowIfNull(path);
        bool every = path is ['*'] or ['*', '.' or '[', ..];
        bool inBrackets = path.StartsWith("[*]", StringComparison.Ordinal);
        rest = every ? path[1..].TrimStart('.') : inBrackets ? path[3..].TrimStart('.') : string.Empty;
        return every || inBrackets;
    }

    /// <summary>A path followed by a name.</summary>
    /// <param name="path">The path; empty at the top.</param>
    /// <returns>The longer path.</returns>
    public static string Join(string path, string name)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(name);
        return path.Length == 0 || name.StartsWith('[') ? path + name : $"{path}.{name}";
    }
}
