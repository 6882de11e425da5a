using System.Text;

namespace LlmObs.Bench.Reporting;

/// <summary>A table that reads well on a terminal and is Markdown.</summary>
internal sealed class Table(params string[] headers)
{
    private readonly List<string[]> _rows = [];

    public void Add(params string[] cells) => _rows.Add([.. cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal))]);

    public override string ToString()
    {
        int[] widths = [.. headers.Select((header, column) => Math.Max(header.Length, _rows.Select(row => row[column].Length).DefaultIfEmpty().Max()))];
        var text = new StringBuilder();
        AddLine(headers, ' ');
        AddLine([.. widths.Select(width => new string('-', width))], '-');
        foreach (string[] row in _rows)
        {
            AddLine(row, ' ');
        }

        return text.ToString();

        void AddLine(string[] cells, char fill)
        {
            text.Append('|');
            for (int column = 0; column < cells.Length; column++)
            {
                text.Append(' ').Append(cells[column].PadRight(widths[column], fill)).Append(" |");
            }

            text.Append('\n');
        }
    }
}
