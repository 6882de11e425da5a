using System.Globalization;

namespace LlmObs.Quickstart.Output;

/// <summary>A table for people: as wide as its cells, numbers to the right.</summary>
internal sealed class Table(params string[] headers)
{
    private readonly List<object[]> rows = [];

    public Table Add(params object[] cells)
    {
        rows.Add(cells);
        return this;
    }

    public void Print()
    {
        string[][] lines = [headers, [.. headers.Select(header => new string('-', header.Length))], .. rows.Select(row => row.Select(Text).ToArray())];
        int[] widths = [.. headers.Select((_, column) => lines.Max(line => line[column].Length))];
        Console.WriteLine();
        foreach (string[] line in lines)
        {
            IEnumerable<string> cells = line.Select((cell, column) =>
                rows[0][column] is string ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]));
            Console.WriteLine(string.Join(' ', cells).TrimEnd());
        }

        Console.WriteLine();
    }

    private static string Text(object cell) => cell switch
    {
        double number => number.ToString("0.00", CultureInfo.InvariantCulture),
        TimeSpan time => time.TotalSeconds.ToString("0.00 s", CultureInfo.InvariantCulture),
        IFormattable value => value.ToString(null, CultureInfo.InvariantCulture),
        _ => (string)cell,
    };
}
