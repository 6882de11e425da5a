using System.Text;

namespace LlmObs.Emulator.Catalog;

/// <summary>CSV by RFC 4180.</summary>
internal static class CsvText
{
    /// <summary>The records of a text, each with its cells; lines without anything are passed over.</summary>
    /// <exception cref="FormatException">A quote is opened and never closed.</exception>
    public static IEnumerable<List<string>> Read(string text)
    {
        List<string> cells = [];
        var cell = new StringBuilder();
        bool quoted = false, wasQuoted = false;
        for (int at = 0; at < text.Length; at++)
        {
            char letter = text[at];
            if (quoted)
            {
                if (letter != '"')
                {
                    cell.Append(letter);
                }
                else if (at + 1 < text.Length && text[at + 1] == '"')
                {
                    cell.Append(text[at++]);
                }
                else
                {
                    quoted = false;
                }
            }
            else if (letter == '"' && cell.Length == 0)
            {
                quoted = wasQuoted = true;
            }
            else if (letter is ',' or '\n')
            {
                cells.Add(cell.ToString());
                cell.Clear();
                if (letter == '\n')
                {
                    if (cells.Count > 1 || cells[0].Length > 0 || wasQuoted)
                    {
                        yield return cells;
                    }

                    cells = [];
                    wasQuoted = false;
                }
            }
            else if (letter != '\r' || at + 1 >= text.Length || text[at + 1] != '\n')
            {
                cell.Append(letter);
            }
        }

        if (quoted)
        {
            throw new FormatException("a quote is opened and never closed");
        }

        if (cell.Length > 0 || cells.Count > 0)
        {
            cells.Add(cell.ToString());
            yield return cells;
        }
    }

    /// <summary>Appends a record.</summary>
    public static void Append(StringBuilder text, IEnumerable<string> cells) => text.AppendJoin(',', cells.Select(Quoted)).Append("\r\n");

    private static string Quoted(string cell) =>
        cell.AsSpan().IndexOfAny(",\"\r\n") < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
