using System.Management.Automation;

namespace LlmObs.Help.Cmdlets;

/// <summary>The facts in a compiled parameter.</summary>
public sealed record ParameterFacts
{
    /// <summary>The name of the set that means all sets.</summary>
    public const string AllSets = "__AllParameterSets";

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its type, without Nullable.</summary>
    public required Type Type { get; init; }

    /// <summary>Other names.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Its binding in each of its sets.</summary>
    public required IReadOnlyList<PlaceInSet> Places { get; init; }

    /// <summary>Its default; null for none.</summary>
    public string? Default { get; init; }

    /// <summary>The accepted words; empty if others are accepted, too.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>The smallest and largest accepted values; null for no limit.</summary>
    public (string Least, string Most)? Range { get; init; }

    /// <summary>True if it supports wildcards.</summary>
    public bool TakesWildcards { get; init; }

    /// <summary>True if PowerShell itself adds it, like -WhatIf and -First.</summary>
    public bool IsAdded { get; init; }

    /// <summary>True if it is a switch.</summary>
    public bool IsSwitch => Type == typeof(SwitchParameter);

    /// <summary>Its type, as PowerShell's own help writes it.</summary>
    public string TypeName => Type.Name;

    /// <summary>Its type with its namespace.</summary>
    public string TypeFullName => Type.FullName!;

    /// <summary>True if a piped object binds to it as a whole.</summary>
    public bool IsPiped => Places.Any(place => place.IsPiped);

    /// <summary>True if a piped object's property of its name binds to it.</summary>
    public bool IsPipedByName => Places.Any(place => place.IsPipedByName);

    /// <summary>Its binding in a set; null if it is not in the set.</summary>
    public PlaceInSet? In(string set) =>
        Places.FirstOrDefault(place => place.Set == set) ?? Places.FirstOrDefault(place => place.Set == AllSets);
}
