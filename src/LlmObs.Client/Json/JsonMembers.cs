using System.Text;
using System.Text.Json;

namespace LlmObs.Client.Json;

/// <summary>Finds members of members in JSON text, without making objects of it.</summary>
internal static class JsonMembers
{
    private const int Deepest = 4; // for messages to people

    /// <summary>Finds the value at a <see cref="MemberPath"/>.</summary>
    /// <param name="json">Text that holds only JSON.</param>
    /// <param name="at">The start of the value that the path begins from.</param>
    /// <returns>The place of the value; a length of 0 if there is none.</returns>
    public static (int Start, int Length) Find(ReadOnlySpan<byte> json, int at, string path)
    {
        if (path.Length == 0)
        {
            return (at, JsonValidator.Value(json, at, depth: 0) - at);
        }

        (int Start, int Length) found = default;
        if (json[at] == '[' && MemberPath.Index(path, out string rest) is int index)
        {
            List<int> items = Items(json, at);
            index = index < 0 ? items.Count + index : index;
            return index >= 0 && index < items.Count ? Find(json, items[index], rest) : default;
        }

        int longest = 0;
        foreach ((string name, int value) in Members(json, at))
        {
            if (name.Length >= longest && MemberPath.After(path, name) is string left && Find(json, value, left) is { Length: > 0 } inner)
            {
                found = inner;
                longest = name.Length;
            }
        }

        return found;
    }

    /// <summary>The members of an object; none of any other value.</summary>
    /// <param name="json">The text.</param>
    /// <param name="at">The start of the value.</param>
    /// <returns>Their names, and the starts of their values.</returns>
    public static List<(string Name, int Value)> Members(ReadOnlySpan<byte> json, int at)
    {
        var members = new List<(string, int)>();
        if (json[at] != '{')
        {
            return members;
        }

        at = JsonValidator.Blanks(json, at + 1);
        while (json[at] == '"')
        {
            int end = JsonValidator.String(json, at);
            string name = Text(json[at..end]);
            at = JsonValidator.Blanks(json, JsonValidator.Blanks(json, end) + 1); // behind the colon
            members.Add((name, at));
            at = JsonValidator.Blanks(json, JsonValidator.Value(json, at, depth: 0));
            at = json[at] == ',' ? JsonValidator.Blanks(json, at + 1) : at;
        }

        return members;
    }

    /// <summary>The items of a list; none of any other value.</summary>
    /// <param name="json">The text.</param>
    /// <param name="at">The start of the value.</param>
    /// <returns>Their starts.</returns>
    public static List<int> Items(ReadOnlySpan<byte> json, int at)
    {
        var items = new List<int>();
        if (json[at] != '[')
        {
            return items;
        }

        at = JsonValidator.Blanks(json, at + 1);
        while (json[at] != ']')
        {
            items.Add(at);
            at = JsonValidator.Blanks(json, JsonValidator.Value(json, at, depth: 0));
            at = json[at] == ',' ? JsonValidator.Blanks(json, at + 1) : at;
        }

        return items;
    }

    /// <summary>The paths to all lists of objects, the longest list first.</summary>
    /// <param name="json">The text.</param>
    /// <returns>Their paths, the number of objects in each, and the start of the first.</returns>
    public static IReadOnlyList<(string Path, int Count, int First)> Lists(ReadOnlySpan<byte> json)
    {
        var found = new List<(string Path, int Count, int First)>();
        AddLists(json, JsonValidator.Blanks(json, 0), string.Empty, 0, found);
        return [.. found.OrderByDescending(list => list.Count)];
    }

    /// <summary>The paths that end in a name.</summary>
    /// <param name="json">The text.</param>
    /// <param name="name">The name; case does not matter.</param>
    /// <returns>The paths, the shortest first.</returns>
    public static IReadOnlyList<string> PathsTo(ReadOnlySpan<byte> json, string name)
    {
        var found = new List<string>();
        AddPaths(json, JsonValidator.Blanks(json, 0), name, string.Empty, 0, found);
        return [.. found.OrderBy(path => path.Length)];
    }

    private static void AddLists(ReadOnlySpan<byte> json, int at, string path, int depth, List<(string Path, int Count, int First)> found)
    {
        if (depth == Deepest)
        {
            return;
        }

        foreach ((string name, int value) in Members(json, at))
        {
            string inner = MemberPath.Join(path, name);
            if (json[value] == '[')
            {
                List<int> items = Items(json, value);
                if (items.Count > 0 && json[items[0]] == '{')
                {
                    found.Add((inner, items.Count, items[0]));
                }
            }

            AddLists(json, value, inner, depth + 1, found);
        }
    }

    private static void AddPaths(ReadOnlySpan<byte> json, int at, string name, string path, int depth, List<string> found)
    {
        if (depth == Deepest)
        {
            return;
        }

        foreach ((string member, int value) in Members(json, at))
        {
            string inner = MemberPath.Join(path, member);
            if (depth > 0 && string.Equals(member, name, StringComparison.OrdinalIgnoreCase))
            {
                found.Add(inner);
            }

            AddPaths(json, value, name, inner, depth + 1, found);
        }
    }

    private static string Text(ReadOnlySpan<byte> quoted)
    {
        if (!quoted.Contains((byte)'\\'))
        {
            return Encoding.UTF8.GetString(quoted[1..^1]);
        }

        var reader = new Utf8JsonReader(quoted);
        reader.Read();
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return string.Empty; // half of a surrogate pair, which nobody can ask for
        }
    }
}
