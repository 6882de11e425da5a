using System.Text;
using System.Xml;
using System.Xml.Linq;
using LlmObs.Help.Cmdlets;
using LlmObs.Help.Pages;

namespace LlmObs.Help.Maml;

/// <summary>Writes the file that Get-Help looks for beside the manifest, in <c>en-US</c>.</summary>
internal static class MamlWriter
{
    public static void Write(string path, IEnumerable<(CommandPage Page, CmdletFacts Cmdlet)> commands)
    {
        var root = new XElement(
            MamlNames.Root + "helpItems",
            new XAttribute("schema", "maml"),
            new XAttribute(XNamespace.Xmlns + "maml", MamlNames.Prose),
            new XAttribute(XNamespace.Xmlns + "command", MamlNames.Command),
            new XAttribute(XNamespace.Xmlns + "dev", MamlNames.Dev),
            commands.Select(one => MamlCommand.Of(one.Page, one.Cmdlet)));

        // Not indented: Get-Help would show the spaces.
        var settings = new XmlWriterSettings { Encoding = new UTF8Encoding(false), NewLineChars = "\n", NewLineHandling = NewLineHandling.None };
        using var writer = XmlWriter.Create(path, settings);
        new XDocument(root).Save(writer);
    }
}
