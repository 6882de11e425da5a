using System.Xml.Linq;
using LlmObs.Help.Cmdlets;
using LlmObs.Help.Pages;
using static LlmObs.Help.Maml.MamlNames;

namespace LlmObs.Help.Maml;

/// <summary>The help of one cmdlet.</summary>
internal static class MamlCommand
{
    // Get-Help -Online opens the first link with an address. The gallery's page is the one address that the module surely has.
    private static readonly (string Text, string? Address) OnlineVersion = ("Online Version:", "https://www.powershellgallery.com/packages/LlmObs");

    public static XElement Of(CommandPage page, CmdletFacts cmdlet)
    {
        string[] words = cmdlet.Name.Split('-', 2);
        return new XElement(
            Command + "command",
            new XElement(
                Command + "details",
                new XElement(Command + "name", cmdlet.Name),
                new XElement(Command + "verb", words[0]),
                new XElement(Command + "noun", words[1]),
                Description([MamlText.Of(page.Synopsis)])),
            Description(MamlText.Of(page.Description)),
            new XElement(Command + "syntax", cmdlet.ParameterSets.Select(set => Syntax(cmdlet, set))),
            new XElement(
                Command + "parameters",
                cmdlet.Parameters.OrderBy(parameter => parameter.Name, StringComparer.Ordinal).Select(parameter =>
                    MamlParameter.Described(parameter, page.Parameters.GetValueOrDefault(parameter.Name)))),
            new XElement(Command + "inputTypes", page.Inputs.Select(one => new XElement(Command + "inputType", Type(one.Heading), Description(MamlText.Of(one.Text))))),
            new XElement(Command + "returnValues", page.Outputs.Select(one => new XElement(Command + "returnValue", Type(one.Heading), Description(MamlText.Of(one.Text))))),
            page.Notes is null ? null : new XElement(Prose + "alertSet", new XElement(Prose + "alert", MamlText.Of(page.Notes))),
            new XElement(Command + "examples", page.Examples.Select(Example)),
            new XElement(Command + "relatedLinks", page.Links.Prepend(OnlineVersion).Select(Link)));
    }

    private static XElement Syntax(CmdletFacts cmdlet, string set) => new(
        Command + "syntaxItem",
        Name(cmdlet.Name),
        cmdlet.InSet(set).Select(one => MamlParameter.InSyntax(one.Parameter, one.Place)));

    private static XElement Example(PageExample example, int index)
    {
        string title = $" Example {index + 1}: {example.Title} ";
        const int Width = 75; // of a terminal of 80 columns, Get-Help takes 4 for itself, and PowerShell leaves one blank
        int dashes = Math.Max(1, (Width - title.Length) / 2);
        return new XElement(
            Command + "example",
            new XElement(Prose + "title", new string('-', dashes) + title + new string('-', dashes)),
            new XElement(Dev + "code", example.Code),
            new XElement(Dev + "remarks", Remarks(example)));
    }

    // The empty paragraph at the end keeps the next title apart.
    private static IEnumerable<XElement> Remarks(PageExample example) =>
    [
        .. example.Output is null ? [] : MamlText.Of([new Paragraph(example.Output, 0, IsKept: true)]),
        .. MamlText.Of(example.Remarks),
        MamlText.Of(string.Empty),
    ];

    private static XElement Link((string Text, string? Address) link) => new(
        Prose + "navigationLink",
        new XElement(Prose + "linkText", link.Text),
        new XElement(Prose + "uri", link.Address));
}
