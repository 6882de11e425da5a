using System.Globalization;
using System.Xml.Linq;
using LlmObs.Help.Cmdlets;
using LlmObs.Help.Pages;
using static LlmObs.Help.Maml.MamlNames;

namespace LlmObs.Help.Maml;

/// <summary>A parameter, as the syntax shows it and as the list of parameters describes it.</summary>
internal static class MamlParameter
{
    // A range uses the largest number of a type for "no end".
    private static readonly string[] NoLimit = [int.MaxValue.ToString(CultureInfo.InvariantCulture), long.MaxValue.ToString(CultureInfo.InvariantCulture)];

    /// <summary>In a line of syntax.</summary>
    public static XElement InSyntax(ParameterFacts parameter, PlaceInSet place) => new(
        Command + "parameter",
        Attributes(parameter, [place]),
        Name(parameter.Name),
        parameter.Words.Count == 0 ? null : new XElement(Command + "parameterValueGroup", parameter.Words.Select(word => Value(word, isRequired: false))),
        parameter.IsSwitch ? null : Value(parameter.TypeName, isRequired: true));

    /// <summary>In the list of parameters.</summary>
    public static XElement Described(ParameterFacts parameter, PageText? text) => new(
        Command + "parameter",
        Attributes(parameter, parameter.Places),
        Name(parameter.Name),
        Description([.. text is null ? [] : MamlText.Of(text), .. Limits(parameter).Select(MamlText.Of)]),
        Value(parameter.TypeName, isRequired: !parameter.IsSwitch),
        Type(parameter.TypeName),
        new XElement(Dev + "defaultValue", parameter.Default ?? "None"));

    private static IEnumerable<string> Limits(ParameterFacts parameter)
    {
        if (parameter.Words.Count > 0)
        {
            yield return $"Accepted values: {string.Join(", ", parameter.Words)}.";
        }

        if (parameter.Range is (string least, string most))
        {
            yield return NoLimit.Contains(most) ? $"Accepted values: {least} or more." : $"Accepted values: {least} to {most}.";
        }
    }

    private static XElement Value(string text, bool isRequired) =>
        new(Command + "parameterValue", new XAttribute("required", Word(isRequired)), new XAttribute("variableLength", "false"), text);

    private static IEnumerable<XAttribute> Attributes(ParameterFacts parameter, IReadOnlyList<PlaceInSet> places)
    {
        string[] positions = [.. places.Select(place => place.Position?.ToString() ?? "named").Distinct()];
        return
        [
            new("required", Word(places.All(place => place.IsMandatory))),
            new("variableLength", Word(parameter.Type.IsArray)),
            new("globbing", Word(parameter.TakesWildcards)),
            new("pipelineInput", Pipeline(places)),
            new("position", string.Join(" or ", positions)),
            new("aliases", parameter.Aliases.Count == 0 ? "none" : string.Join(", ", parameter.Aliases)),
        ];
    }

    private static string Pipeline(IReadOnlyList<PlaceInSet> places)
    {
        string[] ways = [.. new[] { places.Any(place => place.IsPiped) ? "ByValue" : null, places.Any(place => place.IsPipedByName) ? "ByPropertyName" : null }.OfType<string>()];
        return ways.Length == 0 ? "False" : $"True ({string.Join(", ", ways)})";
    }

    private static string Word(bool value) => value ? "true" : "false";
}
