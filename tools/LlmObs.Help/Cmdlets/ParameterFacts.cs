using System.Management.Automation;

namespace LlmObs.Help.Cmdlets;

/// <summary>What a compiled parameter says of itself.</summary>
public sealed record ParameterFacts
{
    /// <summary>The name of the set that stands for all of them.</summary>
    public const string AllSets = "__AllParameterSets";

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its type; for a nullable one what it is nullable of.</summary>
    public required Type Type { get; init; }

    /// <summary>Other names.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>How it is bound in each of its sets.</summary>
    public required IReadOnlyList<PlaceInSet> Places { get; init; }

    /// <summary>What it is where it is not given; null where that is nothing.</summary>
    public string? Default { get; init; }

    /// <summary>The words that it takes; empty where others are taken, too.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>The smallest and largest values that it takes; null where there is no limit.</summary>
    public (string Least, string Most)? Range { get; init; }

    /// <summary>Whether it understands wildcards.</summary>
    public bool TakesWildcards { get; init; }

    /// <summary>Whether PowerShell itself adds it, as it does -WhatIf and -First.</summary>
    public bool IsAdded { get; init; }

    /// <summary>Whether it is a switch.</summary>
    public bool IsSwitch => Type == typeof(SwitchParameter);

    /// <summary>Its type, as PowerShell's own help writes it.</summary>
    public string TypeName => Type.Name;

    /// <summary>Its type with its namespace.</summary>
    public string TypeFullName => Type.FullName!;

    /// <summary>Whether a piped object binds to it as a whole.</summary>
    public bool IsPiped => Places.Any(place => place.IsPiped);

    /// <summary>Whether a piped object's property of its name binds to it.</summary>
    public bool IsPipedByName => Places.Any(place => place.IsPipedByName);

    /// <summary>How it is bound in a set; null where it is not in it.</summary>
    public PlaceInSet? In(string set) =>
        Places.FirstOrDefault(place => place.Set == set) ?? Places.FirstOrDefault(place => place.Set == AllSets);
}
