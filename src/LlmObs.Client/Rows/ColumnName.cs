using System.Globalization;
using System.Text.RegularExpressions;

namespace LlmObs.Client.Rows;

/// <summary>The names of columns, as people write and read them.</summary>
public static partial class ColumnName
{
    private const int MostShown = 20;

    /// <summary>
    /// A name without the blanks around it, and with a blank for each line break: a cell of a sheet's header may be broken into lines, and looks
    /// like words with blanks between them.
    /// </summary>
    /// <param name="name">The name in a header, or in a parameter.</param>
    /// <returns>The name that both have.</returns>
    public static string Of(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        string trimmed = name.Trim(' ', '\t');
        return trimmed.AsSpan().IndexOfAny('\r', '\n') < 0 ? trimmed : Break().Replace(trimmed, " ").Trim(' ');
    }

    /// <summary>The same for several names.</summary>
    internal static IReadOnlyList<string> Of(IEnumerable<string> names) => [.. names.Select(Of)];

    /// <summary>The first names of a list, for a message; a column without a name is not shown.</summary>
    internal static string Shown(IEnumerable<string> names)
    {
        string[] shown = [.. names.Where(name => name.Length > 0)];
        return string.Join(", ", shown.Take(MostShown)) + (shown.Length > MostShown ? string.Create(CultureInfo.InvariantCulture, $" and {shown.Length - MostShown} more") : string.Empty);
    }

    [GeneratedRegex(@"[ \t]*[\r\n][ \t\r\n]*", RegexOptions.CultureInvariant)]
    private static partial Regex Break();
}
