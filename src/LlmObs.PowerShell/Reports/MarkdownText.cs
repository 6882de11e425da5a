using System.Text;

namespace LlmObs.PowerShell.Reports;

/// <summary>
/// Makes text plain in Markdown, also in the cell of a table: nothing in it is markup, HTML, a cell's or a line's end, nor a
/// command of a build agent, which reads a report that is printed.
/// </summary>
internal static class MarkdownText
{
    private const string Markup = "\\`*[]#|~$";

    public static string Escape(string text)
    {
        var plain = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            switch (c)
            {
                case '&':
                    plain.Append("&amp;");
                    break;
                case '<':
                    plain.Append("&lt;");
                    break;
                case '_' when !IsInWord(text, i):
                    plain.Append("\\_");
                    break;
                case ':' when i > 0 && text[i - 1] == ':':
                    plain.Append("&#58;");
                    break;
                case var _ when char.IsControl(c) || c is '\u2028' or '\u2029':
                    plain.Append(' ');
                    break;
                case var _ when Markup.Contains(c, StringComparison.Ordinal):
                    plain.Append('\\').Append(c);
                    break;
                default:
                    plain.Append(c);
                    break;
            }
        }

        return plain.ToString().Trim();
    }

    // answer_relevancy needs no backslash, and is easier to read without.
    private static bool IsInWord(string text, int i) =>
        i > 0 && i < text.Length - 1 && char.IsLetterOrDigit(text[i - 1]) && char.IsLetterOrDigit(text[i + 1]);
}
