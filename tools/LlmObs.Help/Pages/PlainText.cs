using System.Text;
using Markdig.Extensions.Tables;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace LlmObs.Help.Pages;

/// <summary>Blocks as a terminal shows them: paragraphs of plain words, code and tables as they are aligned.</summary>
public static class PlainText
{
    /// <summary>One block's paragraphs. Their lines must be kept if <see cref="Paragraph.IsKept"/> is true.</summary>
    public static IEnumerable<Paragraph> Of(Block block, int indent = 0) => block switch
    {
        ParagraphBlock text => [new(Of(text.Inline), indent, IsKept: false)],
        CodeBlock code => [new(Lines(code), indent + 4, IsKept: true)],
        ListBlock list => OfList(list, indent),
        Table table when table.ColumnDefinitions.Count(column => column is not null) == 2 => OfTerms(table, indent),
        Table table => [new(OfTable(table), indent, IsKept: true)],
        QuoteBlock quote => quote.SelectMany(inner => Of(inner, indent + 4)),
        HeadingBlock heading => [new(Of(heading.Inline), indent, IsKept: false)],
        _ => throw new PageException(PageText.LineOf(block), $"a {block.GetType().Name} has no place in help; use paragraphs, lists, tables and code"),
    };

    /// <summary>The lines of a block of code.</summary>
    public static string Lines(CodeBlock code) => string.Join('\n', code.Lines.Lines.Take(code.Lines.Count).Select(line => line.Slice.ToString()));

    /// <summary>The words of a paragraph or heading on one line, without their markup.</summary>
    public static string Of(ContainerInline? inline)
    {
        var text = new StringBuilder();
        foreach (Inline part in inline ?? [])
        {
            text.Append(part switch
            {
                LiteralInline literal => literal.Content.ToString(),
                CodeInline code => code.Content,
                LineBreakInline => " ",
                AutolinkInline link => link.Url,
                LinkInline { Url: string url } link when url.Contains("://", StringComparison.Ordinal) => $"{Of(link)} ({url})",
                HtmlEntityInline entity => entity.Transcoded.ToString(),
                HtmlInline html => html.Tag,
                ContainerInline container => Of(container),
                _ => part.ToString(),
            });
        }

        return text.ToString();
    }

    private static IEnumerable<Paragraph> OfList(ListBlock list, int indent)
    {
        int number = int.TryParse(list.OrderedStart, out int start) ? start : 1;
        foreach (ListItemBlock item in list.OfType<ListItemBlock>())
        {
            string sign = list.IsOrdered ? $"{number++}. " : "- ";
            bool isFirst = true;
            foreach (Paragraph paragraph in item.SelectMany(inner => Of(inner, indent + sign.Length)))
            {
                yield return isFirst && !paragraph.IsKept ? paragraph with { Sign = sign, IsItem = true } : paragraph;
                isFirst = false;
            }
        }
    }

    // A list of terms fits every width, a table of words does not.
    private static IEnumerable<Paragraph> OfTerms(Table table, int indent) => table.OfType<TableRow>().Where(row => !row.IsHeader).SelectMany(row =>
        row.OfType<TableCell>().Select((cell, column) => new Paragraph(CellText(cell), indent + (4 * column), IsKept: false, IsItem: true)));

    private static string OfTable(Table table)
    {
        List<string[]> rows = [.. table.OfType<TableRow>().Select(row => row.OfType<TableCell>().Select(CellText).ToArray())];
        int[] widths = [.. Enumerable.Range(0, rows.Max(row => row.Length)).Select(column => rows.Max(row => column < row.Length ? row[column].Length : 0))];
        IEnumerable<string[]> lines = rows.Take(1).Append([.. widths.Select(width => new string('-', width))]).Concat(rows.Skip(1));
        return string.Join('\n', lines.Select(row => string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd()));
    }

    private static string CellText(TableCell cell) => string.Join(' ', cell.OfType<ParagraphBlock>().Select(text => Of(text.Inline)));
}
