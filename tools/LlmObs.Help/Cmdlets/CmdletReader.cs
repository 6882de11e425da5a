using System.Management.Automation;
using System.Reflection;

namespace LlmObs.Help.Cmdlets;

/// <summary>Reads the cmdlets of an assembly.</summary>
public static class CmdletReader
{
    /// <summary>The cmdlets by name.</summary>
    /// <param name="assembly">The assembly, with its dependencies beside it.</param>
    public static IReadOnlyDictionary<string, CmdletFacts> Read(string assembly) => Assembly.LoadFrom(assembly).GetExportedTypes()
        .SelectMany(type => AttributeFacts.Of<CmdletAttribute>(type).Select(attribute => Read(type, attribute)))
        .ToDictionary(cmdlet => cmdlet.Name, StringComparer.OrdinalIgnoreCase);

    private static CmdletFacts Read(Type type, AttributeFacts attribute)
    {
        object cmdlet = Activator.CreateInstance(type)!;
        List<ParameterFacts> parameters = [.. type.GetProperties()
            .Where(property => AttributeFacts.Of<ParameterAttribute>(property).Any())
            .OrderBy(property => Depth(property.DeclaringType!, type))
            .ThenBy(property => property.MetadataToken)
            .Select(property => ParameterReader.Read(property, cmdlet))];
        parameters.AddRange(Added(attribute));
        (cmdlet as IDisposable)?.Dispose();
        return new CmdletFacts(
            $"{attribute.At(0)}-{attribute.At(1)}",
            parameters,
            Sets(parameters, attribute.Named<string>(nameof(CmdletAttribute.DefaultParameterSetName))),
            Outputs(type));
    }

    // Parameters that PowerShell adds to a cmdlet by its attribute; the common parameters, which all cmdlets have, are not shown.
    private static IEnumerable<ParameterFacts> Added(AttributeFacts attribute)
    {
        if (attribute.Named<bool>(nameof(CmdletAttribute.SupportsPaging)))
        {
            yield return ParameterReader.Added("First", typeof(ulong));
            yield return ParameterReader.Added("Skip", typeof(ulong), standard: "0");
            yield return ParameterReader.Added("IncludeTotalCount", typeof(SwitchParameter));
        }

        if (attribute.Named<bool>(nameof(CmdletAttribute.SupportsShouldProcess)))
        {
            yield return ParameterReader.Added("WhatIf", typeof(SwitchParameter), alias: "wi");
            yield return ParameterReader.Added("Confirm", typeof(SwitchParameter), alias: "cf");
        }
    }

    // A cmdlet's own parameters come before those of the classes that it is made from.
    private static int Depth(Type declaring, Type type) => declaring == type ? 0 : 1 + Depth(declaring, type.BaseType!);

    private static IReadOnlyList<string> Sets(IEnumerable<ParameterFacts> parameters, string? standard)
    {
        // The default set counts even if no parameter is in it alone.
        string[] named = [.. parameters.SelectMany(parameter => parameter.Places).Select(place => place.Set).Append(standard ?? ParameterFacts.AllSets).Distinct().Where(set => set != ParameterFacts.AllSets)];
        return named.Length == 0 ? [ParameterFacts.AllSets] : [.. named.OrderBy(set => set == standard ? 0 : 1)];
    }

    private static IReadOnlyList<string> Outputs(Type type) =>
    [
        .. AttributeFacts.Of<OutputTypeAttribute>(type)
            .SelectMany(one => one.List<Type>().Select(written => written.FullName!).Concat(one.List<string>()))
            .Where(name => name != typeof(void).FullName)
            .Distinct(),
    ];
}
