using System.Text;
using LlmObs.Help.Pages;
using Markdig.Syntax;

namespace LlmObs.Help.Topics;

/// <summary>Writes a page of about_ as the text that Get-Help shows.</summary>
public static class TopicWriter
{
    private const int Width = 79;
    private const int Indent = 4;

    /// <summary>The text of a topic.</summary>
    /// <exception cref="PageException">The page does not begin with its title and one line about its subject.</exception>
    public static string Write(string name, PageText page)
    {
        if (page.Blocks is not [HeadingBlock { Level: 1 } title, ParagraphBlock about, ..] || PlainText.Of(title.Inline) != name)
        {
            throw new PageException(1, $"a topic begins with its title, '# {name}', and a paragraph of one sentence");
        }

        // Get-Help takes the fifth line for the synopsis.
        var text = new StringBuilder($"TOPIC\n    {name}\n\nSHORT DESCRIPTION\n    {PlainText.Of(about.Inline)}\n");
        bool closeUp = false;
        foreach (Block block in page.Blocks.Skip(2))
        {
            if (block is HeadingBlock heading)
            {
                string words = PlainText.Of(heading.Inline);
                text.Append('\n').Append(heading.Level == 2 ? words.ToUpperInvariant() : "  " + words).Append('\n');
                closeUp = true;
                continue;
            }

            // An empty line comes before each block but those under a heading, and between paragraphs but not between items.
            foreach (Paragraph paragraph in PlainText.Of(block, Indent))
            {
                text.Append(closeUp ? string.Empty : "\n").AppendJoin('\n', paragraph.Wrap(Width)).Append('\n');
                closeUp = paragraph.IsItem;
            }

            closeUp = false;
        }

        return text.ToString();
    }
}
