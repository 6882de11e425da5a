using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace LlmObs.Help.Pages;

/// <summary>Reads the page of a cmdlet. Headings are those that PlatyPS has made known.</summary>
public static class CommandPageReader
{
    private static readonly string[] Sections = ["SYNOPSIS", "DESCRIPTION", "EXAMPLES", "PARAMETERS", "INPUTS", "OUTPUTS", "NOTES", "RELATED LINKS"];

    /// <summary>Reads a page.</summary>
    /// <exception cref="PageException">The page lacks a section, or has one that help does not know.</exception>
    public static CommandPage Read(string name, PageText page)
    {
        IReadOnlyList<(string Heading, PageText Text)> top = page.Split(1, out _);
        if (top is not [(string title, PageText body)] || title != name)
        {
            throw new PageException(1, $"a page has one title, and this one's is '# {name}'");
        }

        IReadOnlyDictionary<string, PageText> sections = ReadSections(body);
        return new CommandPage
        {
            Name = name,
            Synopsis = string.Join(' ', Section(sections, "SYNOPSIS").Blocks.SelectMany(block => PlainText.Of(block)).Select(one => one.Text)),
            Description = Section(sections, "DESCRIPTION"),
            Examples = [.. Section(sections, "EXAMPLES").Split(3, out _).Select(part => ReadExample(part.Heading, part.Text))],
            Parameters = ReadParameters(Section(sections, "PARAMETERS")),
            Inputs = Section(sections, "INPUTS").Split(3, out _),
            Outputs = Section(sections, "OUTPUTS").Split(3, out _),
            Notes = sections.GetValueOrDefault("NOTES"),
            Links = [.. Section(sections, "RELATED LINKS").Blocks.SelectMany(block => block.Descendants<LinkInline>()).Select(ReadLink)],
        };
    }

    /// <summary>Reads the page of what several cmdlets share: texts of parameters.</summary>
    public static IReadOnlyDictionary<string, PageText> ReadShared(PageText page)
    {
        page.Split(1, out _);
        return ReadParameters(new PageText(1, [.. page.Blocks.SkipWhile(block => block is not HeadingBlock { Level: 3 })]));
    }

    private static Dictionary<string, PageText> ReadSections(PageText body)
    {
        var sections = new Dictionary<string, PageText>(StringComparer.OrdinalIgnoreCase);
        foreach ((string heading, PageText text) in body.Split(2, out _))
        {
            if (!Sections.Contains(heading, StringComparer.OrdinalIgnoreCase))
            {
                throw new PageException(text.Line, $"help has no section '{heading}'; known are {string.Join(", ", Sections)}");
            }

            if (!sections.TryAdd(heading, text))
            {
                throw new PageException(text.Line, $"the section '{heading}' is here twice");
            }
        }

        return sections;
    }

    private static PageText Section(IReadOnlyDictionary<string, PageText> sections, string name) =>
        sections.TryGetValue(name, out PageText? text) ? text : throw new PageException(1, $"the section '## {name}' is missing");

    private static PageExample ReadExample(string heading, PageText text)
    {
        FencedCodeBlock[] code = [.. text.Code];
        if (code is not [{ Info: "powershell" }] and not [{ Info: "powershell" }, { Info: "output" }])
        {
            throw new PageException(text.Line, $"an example is one block ```powershell, and after it one ```output where it is worth showing; '{heading}' is not");
        }

        // "Example 1: Create an experiment" has its number for those who read the page; help counts for itself.
        int colon = heading.IndexOf(':', StringComparison.Ordinal);
        string title = heading.StartsWith("Example ", StringComparison.OrdinalIgnoreCase) && colon > 0 ? heading[(colon + 1)..].Trim() : heading;
        return new PageExample(
            title,
            PlainText.Lines(code[0]),
            code.Length > 1 ? PlainText.Lines(code[1]) : null,
            [.. text.Blocks.Except(code).SelectMany(block => PlainText.Of(block))]);
    }

    private static Dictionary<string, PageText> ReadParameters(PageText section)
    {
        var parameters = new Dictionary<string, PageText>(StringComparer.OrdinalIgnoreCase);
        foreach ((string heading, PageText text) in section.Split(3, out _))
        {
            if (!heading.StartsWith('-') || text.Blocks.Count == 0)
            {
                throw new PageException(text.Line, $"a parameter is a heading '### -Name' and text below; '{heading}' is not");
            }

            if (!parameters.TryAdd(heading[1..], text))
            {
                throw new PageException(text.Line, $"{heading} is here twice");
            }
        }

        return parameters;
    }

    private static (string Text, string? Address) ReadLink(LinkInline link) =>
        (PlainText.Of(link), link.Url is string url && url.Contains("://", StringComparison.Ordinal) ? url : null);
}
