using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Syntax;

namespace LlmObs.Help.Pages;

/// <summary>A run of blocks of a page: the whole page, or the part between two headings.</summary>
/// <param name="Line">The line of the heading above, from 1.</param>
/// <param name="Blocks">The blocks, without the heading.</param>
public sealed record PageText(int Line, IReadOnlyList<Block> Blocks)
{
    private static readonly MarkdownPipeline Markdown = new MarkdownPipelineBuilder().UsePipeTables().Build();

    /// <summary>The blocks that are code.</summary>
    public IEnumerable<FencedCodeBlock> Code => Blocks.OfType<FencedCodeBlock>();

    /// <summary>Reads a file.</summary>
    public static PageText Load(string path) => Parse(File.ReadAllText(path));

    /// <summary>Reads text.</summary>
    public static PageText Parse(string markdown) => new(1, [.. Markdig.Markdown.Parse(markdown, Markdown)]);

    /// <summary>The line of a block, from 1.</summary>
    public static int LineOf(Block block) => block.Line + 1;

    /// <summary>The part under each heading of this level, by the heading's text; and in <paramref name="before"/> the part above the first.</summary>
    public IReadOnlyList<(string Heading, PageText Text)> Split(int level, out PageText before)
    {
        var parts = new List<(string Heading, PageText Text)>();
        var current = new List<Block>();
        before = new PageText(Line, current);
        foreach (Block block in Blocks)
        {
            if (block is HeadingBlock heading && heading.Level <= level)
            {
                if (heading.Level < level)
                {
                    throw new PageException(LineOf(block), $"a heading with {level} signs # is expected here, not with {heading.Level}");
                }

                current = [];
                parts.Add((PlainText.Of(heading.Inline), new PageText(LineOf(block), current)));
            }
            else
            {
                current.Add(block);
            }
        }

        return parts;
    }
}
