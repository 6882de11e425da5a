namespace LlmObs.Help.Pages;

/// <summary>A paragraph of plain text.</summary>
/// <param name="Text">The text; without line breaks unless <paramref name="IsKept"/>.</param>
/// <param name="Indent">The number of spaces in front.</param>
/// <param name="IsKept">True if its lines are kept unchanged: code and tables.</param>
/// <param name="Sign">The text in front of its first line, within the indent: the sign of a list's item.</param>
/// <param name="IsItem">True if it begins an item of a list; items follow each other without an empty line.</param>
public sealed record Paragraph(string Text, int Indent, bool IsKept, string Sign = "", bool IsItem = false)
{
    /// <summary>The lines, none longer than the width if that is possible.</summary>
    public IEnumerable<string> Wrap(int width)
    {
        if (IsKept)
        {
            return Text.Split('\n').Select(line => line.Length == 0 ? line : new string(' ', Indent) + line);
        }

        var lines = new List<string>();
        string line = new string(' ', Indent - Sign.Length) + Sign;
        bool isEmpty = true;
        foreach (string word in Text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!isEmpty && line.Length + 1 + word.Length > width)
            {
                lines.Add(line);
                line = new string(' ', Indent);
                isEmpty = true;
            }

            line += isEmpty ? word : " " + word;
            isEmpty = false;
        }

        lines.Add(line);
        return lines;
    }
}
