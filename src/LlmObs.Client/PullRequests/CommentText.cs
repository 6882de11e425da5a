using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace LlmObs.Client.PullRequests;

/// <summary>A report as a comment: behind a mark that nobody sees, and no longer than a comment may be.</summary>
internal static class CommentText
{
    /// <summary>The most characters of a comment on GitHub; Azure Repos takes more.</summary>
    public const int Limit = 65_536;

    private const int LongestLine = 4_096;

    /// <summary>
    /// What a comment begins with that is of this title. A comment in HTML is not shown, and a digest can't end it, as a title could.
    /// </summary>
    public static string MarkOf(string title) =>
        $"<!-- LlmObs summary {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(title)).AsSpan(0, 16))} -->";

    /// <summary>The comment. If it is too long, rows at the end of its longest table are left out, and it says so.</summary>
    /// <param name="title">What the comment is found by.</param>
    /// <param name="markdown">The report.</param>
    /// <param name="limit">The most characters.</param>
    public static string Of(string title, string markdown, int limit = Limit)
    {
        string whole = $"{MarkOf(title)}\n{markdown.TrimEnd()}";
        return whole.Length <= limit ? whole : Cut([.. whole.Split('\n').Select(Shorten)], limit);
    }

    private static string Cut(List<string> lines, int limit)
    {
        Table[] tables = [.. TablesOf(lines)];
        int excess = lines.Sum(line => line.Length + 1) - limit;
        foreach (Table table in tables.OrderByDescending(table => table.Count))
        {
            if (excess <= 0)
            {
                break;
            }

            excess += Note(table.Count, table.Count).Length + 2;
            while (table.Kept > 0 && excess > 0)
            {
                excess -= lines[table.First + --table.Kept].Length + 1;
            }
        }

        foreach (Table table in tables.Where(table => table.Kept < table.Count).Reverse())
        {
            lines.RemoveRange(table.First + table.Kept, table.Count - table.Kept);
            lines.InsertRange(table.First + table.Kept, [string.Empty, Note(table.Kept, table.Count)]);
        }

        string text = string.Join('\n', lines);
        if (text.Length <= limit)
        {
            return text;
        }

        // Lines that are no table's: what was checked, which the build says as well.
        const string Rest = "\n\n_The rest is left out: a comment holds 65,536 characters. The summary of the build has all._";
        return text[..text.LastIndexOf('\n', limit - Rest.Length)] + Rest;
    }

    private static string Note(int kept, int rows) => string.Create(
        CultureInfo.InvariantCulture,
        $"_{kept:N0} of {rows:N0} rows are shown: a comment holds 65,536 characters. The summary of the build has all._");

    private static IEnumerable<Table> TablesOf(List<string> lines)
    {
        for (int i = 0; i < lines.Count; i++)
        {
            if (lines[i].StartsWith("| -", StringComparison.Ordinal))
            {
                int end = i + 1;
                while (end < lines.Count && lines[end].StartsWith('|'))
                {
                    end++;
                }

                yield return new Table(i + 1, end - i - 1);
                i = end - 1;
            }
        }
    }

    private static string Shorten(string line)
    {
        if (line.Length <= LongestLine)
        {
            return line;
        }

        int end = char.IsHighSurrogate(line[LongestLine - 1]) ? LongestLine - 1 : LongestLine;
        return line[..end] + "…";
    }

    /// <summary>The rows of a table, behind its head.</summary>
    private sealed record Table(int First, int Count)
    {
        public int Kept { get; set; } = Count;
    }
}
