using LlmObs.Help.Cmdlets;

namespace LlmObs.Help.Pages;

/// <summary>A cmdlet's page: what people write. What the cmdlet says of itself is in <see cref="CmdletFacts"/>.</summary>
public sealed record CommandPage
{
    /// <summary>The cmdlet.</summary>
    public required string Name { get; init; }

    /// <summary>One sentence.</summary>
    public required string Synopsis { get; init; }

    /// <summary>What it does, in paragraphs.</summary>
    public required PageText Description { get; init; }

    /// <summary>Its examples, in order.</summary>
    public required IReadOnlyList<PageExample> Examples { get; init; }

    /// <summary>What each parameter means, by its name without the dash.</summary>
    public required IReadOnlyDictionary<string, PageText> Parameters { get; init; }

    /// <summary>What can be piped to it, by type.</summary>
    public required IReadOnlyList<(string Heading, PageText Text)> Inputs { get; init; }

    /// <summary>What it writes, by type.</summary>
    public required IReadOnlyList<(string Heading, PageText Text)> Outputs { get; init; }

    /// <summary>What else is worth knowing; null where the page has no such section.</summary>
    public PageText? Notes { get; init; }

    /// <summary>Where to read on: a text, and an address where it leads out of the module.</summary>
    public required IReadOnlyList<(string Text, string? Address)> Links { get; init; }

    /// <summary>With the shared texts for parameters that this page leaves to them.</summary>
    public CommandPage WithShared(CmdletFacts cmdlet, IReadOnlyDictionary<string, PageText> shared)
    {
        var all = new Dictionary<string, PageText>(Parameters, StringComparer.OrdinalIgnoreCase);
        foreach ((string name, PageText text) in shared.Where(one => cmdlet.Parameters.Any(parameter => parameter.Name == one.Key)))
        {
            all.TryAdd(name, text);
        }

        return this with { Parameters = all };
    }
}
