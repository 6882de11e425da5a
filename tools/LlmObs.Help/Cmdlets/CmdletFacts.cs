namespace LlmObs.Help.Cmdlets;

/// <summary>The facts in a compiled cmdlet.</summary>
/// <param name="Name">Its name, verb and noun.</param>
/// <param name="Parameters">Its parameters, without the common ones; its own before those of the classes that it is made from.</param>
/// <param name="ParameterSets">Its sets by name, the default one first.</param>
/// <param name="OutputTypes">Its declared output types; empty for none.</param>
public sealed record CmdletFacts(
    string Name,
    IReadOnlyList<ParameterFacts> Parameters,
    IReadOnlyList<string> ParameterSets,
    IReadOnlyList<string> OutputTypes)
{
    /// <summary>The parameters of a set, in the order in which its syntax shows them.</summary>
    public IEnumerable<(ParameterFacts Parameter, PlaceInSet Place)> InSet(string set) => Parameters
        .Select(parameter => (Parameter: parameter, Place: parameter.In(set)))
        .Where(one => one.Place is not null)
        .OrderBy(one => one.Place!.Position ?? int.MaxValue)
        .ThenBy(one => one.Parameter.IsAdded)
        .ThenBy(one => one.Place!.IsMandatory ? 0 : 1)
        .Select(one => (one.Parameter, one.Place!));
}
