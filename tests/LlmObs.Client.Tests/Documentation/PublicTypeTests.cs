using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace LlmObs.Client.Tests.Documentation;

/// <summary>
/// Holds the documentation of public types to what the compiler does not look at: units, errors and sources. That there is
/// one at all is an error of the build (CS1591).
/// </summary>
public partial class PublicTypeTests
{
    private const BindingFlags Own = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Assembly[] Assemblies = [typeof(Span).Assembly, typeof(LlmObsClient).Assembly];

    private static readonly (string Ending, string Unit)[] Units = [("Ns", "nanosecond"), ("Ms", "millisecond"), ("Sec", "second"), ("Bytes", "byte"), ("ByteCount", "byte")];

    [Fact]
    public void Have_a_summary_each_with_their_properties()
    {
        string[] silent = [.. Members().Where(one => one.Member is Type or PropertyInfo or FieldInfo && one.Docs.Words(one.Member).Length == 0
            && !one.Docs.About(one.Member).Any(said => said.Element("inheritdoc") is not null) && !IsPositional(one.Member)).Select(Name)];
        Assert.Empty(silent);
    }

    [Fact]
    public void Name_the_unit_of_what_has_one()
    {
        (XmlDocs Docs, MemberInfo Member)[] measured = [.. Members().Where(one => UnitOf(one.Member) is not null)];
        Assert.True(measured.Length >= 6, "the test looks at what is there");
        Assert.Empty(measured.Where(one => !one.Docs.Words(one.Member).Contains(UnitOf(one.Member)!, StringComparison.OrdinalIgnoreCase)).Select(Name));
    }

    [Fact]
    public void Say_of_each_time_that_it_is_UTC()
    {
        (XmlDocs Docs, MemberInfo Member)[] times = [.. Members().Where(one => one.Member is PropertyInfo property
            && (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) == typeof(DateTimeOffset))];
        Assert.True(times.Length > 3, "the test looks at what is there");
        Assert.Empty(times.Where(one => !one.Docs.Words(one.Member).Contains("UTC", StringComparison.Ordinal)).Select(Name));
    }

    [Fact]
    public void Name_the_source_of_what_they_say_of_the_API()
    {
        Type[] ofTheApi = [.. typeof(Span).Assembly.GetExportedTypes().Where(type =>
            type.GetProperties(Own).Any(property => XmlDocs.Of(type.Assembly).About(property).Descendants("c").Any(field => ApiField().IsMatch(field.Value))))];
        Assert.True(ofTheApi.Length > 8, "the test looks at what is there");
        Assert.Empty(ofTheApi.Where(type => !XmlDocs.Of(type.Assembly).Words(type).Contains("Source: ", StringComparison.Ordinal)).Select(type => type.Name));
    }

    [Fact]
    public void Name_the_errors_that_they_throw()
    {
        (XmlDocs Docs, MethodBase Method, Type Thrown)[] thrown =
        [
            .. Members().Where(one => one.Member is MethodBase)
                .SelectMany(one => ThrownExceptions.Of((MethodBase)one.Member).Select(type => (one.Docs, (MethodBase)one.Member, type))),
        ];
        Assert.True(thrown.Length >= 3, "the test looks at what is there");
        Assert.Empty(thrown.Where(one => !IsNamed(one.Docs.Exceptions(one.Method), one.Thrown)).Select(one => $"{one.Method.DeclaringType}.{one.Method.Name}: {one.Thrown.Name}"));
    }

    private static IEnumerable<(XmlDocs Docs, MemberInfo Member)> Members() => Assemblies.SelectMany(assembly =>
    {
        XmlDocs docs = XmlDocs.Of(assembly);
        return assembly.GetExportedTypes().SelectMany(type => type.GetMembers(Own).Append(type).Where(IsWritten).Select(member => (docs, member)));
    });

    // What the compiler makes, such as the equality of records, is documented by the language.
    private static bool IsWritten(MemberInfo member) =>
        member.GetCustomAttribute<System.Runtime.CompilerServices.CompilerGeneratedAttribute>() is null
        && member is not MethodInfo { IsSpecialName: true } && member.Name is not ("EqualityContract" or "value__");

    private static bool IsPositional(MemberInfo member) =>
        member is PropertyInfo property && property.DeclaringType!.GetConstructors().Any(one => one.GetParameters().Any(parameter => parameter.Name == property.Name));

    private static string? UnitOf(MemberInfo member) =>
        member is PropertyInfo or FieldInfo ? Units.FirstOrDefault(unit => member.Name.EndsWith(unit.Ending, StringComparison.Ordinal)).Unit : null;

    private static bool IsNamed(IReadOnlyList<string> named, Type thrown)
    {
        for (Type? type = thrown; type is not null && type != typeof(Exception); type = type.BaseType)
        {
            if (named.Contains(type.FullName!))
            {
                return true;
            }
        }

        return false;
    }

    private static string Name((XmlDocs Docs, MemberInfo Member) one) => $"{one.Member.DeclaringType?.Name}.{one.Member.Name}";

    [GeneratedRegex(@"^(?!(null|default|true|false)$)[a-z]+(_[a-z]+)*(\.[a-z_]+)*$")]
    private static partial Regex ApiField();
}
