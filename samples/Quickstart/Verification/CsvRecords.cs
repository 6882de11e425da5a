using System.Text;

namespace LlmObs.Quickstart.Verification;

/// <summary>Reads CSV in the plainest way there is (RFC 4180), so that the product's own reader is not its own witness.</summary>
internal static class CsvRecords
{
    /// <summary>The records under their header's names.</summary>
    public static IReadOnlyList<IReadOnlyDictionary<string, string>> Read(string path)
    {
        List<List<string>> records = Split(File.ReadAllText(path, Encoding.UTF8));
        List<string> header = records[0];
        return [.. records.Skip(1).Select(cells => header.Zip(cells).ToDictionary(pair => pair.First, pair => pair.Second))];
    }

    private static List<List<string>> Split(string text)
    {
        List<List<string>> records = [];
        List<string> cells = [];
        var cell = new StringBuilder();
        bool quoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (quoted && c == '"' && i + 1 < text.Length && text[i + 1] == '"')
            {
                cell.Append(text[i++]);
            }
            else if (c == '"')
            {
                quoted = !quoted;
            }
            else if (quoted || c is not (',' or '\n' or '\r'))
            {
                cell.Append(c);
            }
            else if (c != '\r')
            {
                cells.Add(cell.ToString());
                cell.Clear();
                if (c == '\n')
                {
                    records.Add(cells);
                    cells = [];
                }
            }
        }

        if (cell.Length > 0 || cells.Count > 0)
        {
            records.Add([.. cells, cell.ToString()]);
        }

        return records;
    }
}
