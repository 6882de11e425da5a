using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Reflection;

namespace LlmObs.Help.Cmdlets;

/// <summary>Reads the parameters of a cmdlet.</summary>
internal static class ParameterReader
{
    /// <summary>One parameter, with its default as a new cmdlet has it.</summary>
    public static ParameterFacts Read(PropertyInfo property, object cmdlet)
    {
        Type type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        PlaceInSet[] places = [.. AttributeFacts.Of<ParameterAttribute>(property).Select(Place)];
        return new ParameterFacts
        {
            Name = property.Name,
            Type = type,
            Places = places,
            Aliases = [.. AttributeFacts.Of<AliasAttribute>(property).SelectMany(alias => alias.List<string>())],
            Default = places.All(place => place.IsMandatory) ? null : Text(Given(property) ?? property.GetValue(cmdlet)),
            Words = Words(property, type),
            Range = AttributeFacts.Of<ValidateRangeAttribute>(property).Select(range => ((string, string)?)(Text(range.At(0))!, Text(range.At(1))!)).FirstOrDefault(),
            TakesWildcards = AttributeFacts.Of<SupportsWildcardsAttribute>(property).Any(),
        };
    }

    /// <summary>A parameter that PowerShell itself adds to a cmdlet, such as -WhatIf; it is in all sets.</summary>
    public static ParameterFacts Added(string name, Type type, string? standard = null, string? alias = null) => new()
    {
        Name = name,
        Type = type,
        Aliases = alias is null ? [] : [alias],
        Places = [new PlaceInSet(ParameterFacts.AllSets, null, false, false, false)],
        Default = type == typeof(SwitchParameter) ? "False" : standard,
        IsAdded = true,
    };

    // A switch that is on: the switches of the library that the cmdlets are compiled with are always off.
    private static object? Given(PropertyInfo property) =>
        AttributeFacts.Of<PSDefaultValueAttribute>(property).Select(given => given.Named<object>(nameof(PSDefaultValueAttribute.Value))).FirstOrDefault();

    private static PlaceInSet Place(AttributeFacts attribute)
    {
        int position = attribute.Named(nameof(ParameterAttribute.Position), int.MinValue);
        return new PlaceInSet(
            attribute.Named(nameof(ParameterAttribute.ParameterSetName), ParameterFacts.AllSets)!,
            position >= 0 ? position : null,
            attribute.Named<bool>(nameof(ParameterAttribute.Mandatory)),
            attribute.Named<bool>(nameof(ParameterAttribute.ValueFromPipeline)),
            attribute.Named<bool>(nameof(ParameterAttribute.ValueFromPipelineByPropertyName)));
    }

    private static IReadOnlyList<string> Words(PropertyInfo property, Type type)
    {
        Type element = type.IsArray ? type.GetElementType()! : type;
        string[] words = [.. AttributeFacts.Of<ValidateSetAttribute>(property).SelectMany(set => set.List<string>())];
        return words.Length > 0 ? words : element.IsEnum ? Enum.GetNames(element) : [];
    }

    // A default that can't be typed, such as an object or a sign for "not given", is of no use to a reader.
    private static string? Text(object? value)
    {
        string? text = value switch
        {
            null => null,
            string word => word,
            SwitchParameter on => on.IsPresent.ToString(),
            bool flag => flag.ToString(),
            IEnumerable list => string.Join(", ", list.Cast<object?>().Select(Text)),
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            _ => null,
        };
        return string.IsNullOrEmpty(text) || text.Any(char.IsControl) ? null : text;
    }
}
