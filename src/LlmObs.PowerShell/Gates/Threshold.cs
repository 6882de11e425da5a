using System.Collections;
using System.Management.Automation;

namespace LlmObs.PowerShell.Gates;

/// <summary>
/// One entry of -Threshold: the name of a metric or a group, and what must hold for it, or further names that narrow it.
/// </summary>
/// <param name="Name">The name.</param>
/// <param name="Condition">What must hold; null where there are further names.</param>
/// <param name="Inner">Further names.</param>
internal sealed record Threshold(string Name, Condition? Condition, IReadOnlyList<Threshold> Inner)
{
    /// <exception cref="PSArgumentException">An entry is no condition.</exception>
    public static IReadOnlyList<Threshold> Read(IDictionary given)
    {
        if (given.Count == 0)
        {
            throw new PSArgumentException("-Threshold holds nothing that could be checked.");
        }

        return [.. given.Cast<DictionaryEntry>().Select(entry => Read(LanguagePrimitives.ConvertTo<string>(entry.Key), entry.Value))];
    }

    private static Threshold Read(string name, object? value)
    {
        object? bare = value is PSObject wrapped ? wrapped.BaseObject : value;
        return bare switch
        {
            IDictionary inner => new(name, null, Read(inner)),
            string text when Condition.TryParse(text) is Condition condition => new(name, condition, []),
            _ => throw new PSArgumentException($"-Threshold wants {(bare is null ? "nothing" : $"'{LanguagePrimitives.ConvertTo<string>(bare)}'")} of '{name}', which is no condition."),
        };
    }
}
