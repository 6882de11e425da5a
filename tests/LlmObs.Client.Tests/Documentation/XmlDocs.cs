using System.Reflection;
using System.Xml.Linq;

namespace LlmObs.Client.Tests.Documentation;

/// <summary>The documentation of an assembly, from the compiler's file.</summary>
internal sealed class XmlDocs
{
    private readonly ILookup<string, XElement> _members;

    private XmlDocs(Assembly assembly)
    {
        string file = Path.ChangeExtension(assembly.Location, ".xml");
        _members = XDocument.Load(file).Descendants("member").ToLookup(member => NameOf(member.Attribute("name")!.Value));
    }

    public static XmlDocs Of(Assembly assembly) => new(assembly);

    /// <summary>The documentation of a member and of those with its name; nothing if it has none.</summary>
    public IReadOnlyList<XElement> About(MemberInfo member) => [.. _members[IdOf(member)]];

    /// <summary>The words of a member's documentation, on one line.</summary>
    public string Words(MemberInfo member) => string.Join(' ', string.Join(' ', About(member).Select(one => one.Value)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    /// <summary>The exceptions that a method's documentation names.</summary>
    public IReadOnlyList<string> Exceptions(MethodBase method) =>
        [.. About(method).Descendants("exception").Select(one => one.Attribute("cref")!.Value.Split(':', 2)[1])];

    private static string IdOf(MemberInfo member) => member switch
    {
        Type type => "T:" + TypeName(type),
        PropertyInfo => "P:" + TypeName(member.DeclaringType!) + "." + member.Name,
        FieldInfo => "F:" + TypeName(member.DeclaringType!) + "." + member.Name,
        ConstructorInfo => "M:" + TypeName(member.DeclaringType!) + ".#ctor",
        _ => "M:" + TypeName(member.DeclaringType!) + "." + member.Name,
    };

    private static string TypeName(Type type) => (type.FullName ?? type.Name).Replace('+', '.');

    // Without the list of parameters and the count of type parameters: overloads share their documentation.
    private static string NameOf(string id) => id[0] is 'M' or 'P' ? id.Split('(', 2)[0].Split("``", 2)[0] : id;
}
