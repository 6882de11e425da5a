using System.Collections;
using System.Management.Automation;

namespace LlmObs.PowerShell.Input;

/// <summary>Goes into objects, hashtables and lists by a <see cref="MemberPath"/>.</summary>
internal static class ObjectMembers
{
    /// <summary>The value at a path; missing if nothing is there.</summary>
    public static Cell Find(object? value, string path)
    {
        if (path.Length == 0)
        {
            return Cell.Of(PSObjectJson.UnwrapCell(value), value);
        }

        if (PSObjectJson.UnwrapCell(value) is string text)
        {
            return InText.Of(text, path);
        }

        foreach ((object? inner, string rest) in On(value, path))
        {
            Cell found = Find(inner, rest);
            if (found.Kind != CellKind.Missing)
            {
                return found;
            }
        }

        return Cell.Missing;
    }

    /// <summary>The values after the first step of a path, each with the rest of the path; the longest name first.</summary>
    public static IEnumerable<(object? Value, string Left)> On(object? value, string path)
    {
        bool every = MemberPath.IsEvery(path, out string rest);
        if (Bare(value) is IList list)
        {
            int? index = every ? null : MemberPath.Index(path, out rest);
            index = index < 0 ? list.Count + index : index;
            return index is null ? list.Cast<object?>().Select(item => (item, every ? rest : path))
                : index < list.Count && index >= 0 ? [(list[index.Value], rest)] : [];
        }

        return every
            ? Of(value).Select(member => (member.Read(), rest))
            : Of(value).Select(member => (member.Name, member.Read, Left: MemberPath.After(path, member.Name)))
                .Where(member => member.Left is not null).OrderByDescending(member => member.Name.Length).Select(member => (member.Read(), member.Left!));
    }

    /// <summary>The members of an object or a hashtable; none of anything else.</summary>
    public static IEnumerable<(string Name, Func<object?> Read)> Of(object? value) => Bare(value) switch
    {
        IDictionary dictionary => dictionary.Keys.Cast<object>().Select(key => (HostObjectJson.NameOf(PSObjectJson.UnwrapCell(key)) ?? string.Empty, (Func<object?>)(() => dictionary[key]))),
        null or string or IEnumerable or ValueType => [],
        _ => PSObject.AsPSObject(value!).Properties.Select(property => (property.Name, (Func<object?>)(() => SafePropertyReader.ValueOf(property, PSObject.AsPSObject(value!))))),
    };

    private static object? Bare(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;

    private sealed class InText : EventRow
    {
        public override RowPlace Place => default;

        public static Cell Of(string text, string path) => InText(Cell.Of(text, text), path);

        public override Cell Get(EventField field) => Cell.Missing;
    }
}
