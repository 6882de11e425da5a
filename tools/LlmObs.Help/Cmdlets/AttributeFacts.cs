using System.Collections.ObjectModel;
using System.Reflection;

namespace LlmObs.Help.Cmdlets;

/// <summary>
/// An attribute in the assembly's metadata. The attributes themselves can't be called: the library that replaces PowerShell
/// here has only their names.
/// </summary>
internal sealed class AttributeFacts(CustomAttributeData data)
{
    /// <summary>The attributes of this type that a member has.</summary>
    public static IEnumerable<AttributeFacts> Of<T>(MemberInfo member) where T : Attribute =>
        member.GetCustomAttributesData().Where(one => one.AttributeType == typeof(T)).Select(one => new AttributeFacts(one));

    /// <summary>An argument by its place; a list of arguments counts as one.</summary>
    public object? At(int index) => Plain(data.ConstructorArguments[index].Value);

    /// <summary>The arguments that are a list.</summary>
    public IEnumerable<T> List<T>() => data.ConstructorArguments.Select(one => Plain(one.Value)).OfType<object?[]>().SelectMany(one => one).OfType<T>();

    /// <summary>An argument by its name.</summary>
    public T? Named<T>(string name, T? otherwise = default) =>
        data.NamedArguments.Where(one => one.MemberName == name).Select(one => (T?)one.TypedValue.Value).DefaultIfEmpty(otherwise).First();

    private static object? Plain(object? value) =>
        value is ReadOnlyCollection<CustomAttributeTypedArgument> list ? list.Select(one => one.Value).ToArray() : value;
}
