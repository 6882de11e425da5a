using System.Xml.Linq;
using LlmObs.Help.Pages;

namespace LlmObs.Help.Maml;

/// <summary>Text of a page as paragraphs of MAML.</summary>
internal static class MamlText
{
    /// <summary>The paragraphs of a text.</summary>
    public static IEnumerable<XElement> Of(PageText text) => Of(text.Blocks.SelectMany(block => PlainText.Of(block)));

    /// <summary>Paragraphs; Get-Help wraps those whose lines are not to be kept.</summary>
    public static IEnumerable<XElement> Of(IEnumerable<Paragraph> paragraphs) =>
        paragraphs.Select(one => Of(one.IsKept ? string.Join('\n', one.Wrap(0)) : new string(' ', one.Indent - one.Sign.Length) + one.Sign + one.Text));

    /// <summary>One paragraph.</summary>
    public static XElement Of(string text) => new(MamlNames.Prose + "para", text);
}
