using System.Xml.Linq;

namespace LlmObs.Help.Maml;

/// <summary>The namespaces of MAML, and the elements that occur everywhere.</summary>
internal static class MamlNames
{
    public static readonly XNamespace Root = "http://msh";
    public static readonly XNamespace Prose = "http://schemas.microsoft.com/maml/2004/10";
    public static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    public static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    public static XElement Name(string name) => new(Prose + "name", name);

    public static XElement Description(IEnumerable<XElement> paragraphs) => new(Prose + "description", paragraphs);

    public static XElement Type(string name) => new(Dev + "type", Name(name), new XElement(Prose + "uri"));
}
