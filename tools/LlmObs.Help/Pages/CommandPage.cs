using LlmObs.Help.Cmdlets;

namespace LlmObs.Help.Pages;

/// <summary>A cmdlet's page, the part that people write. The facts from the code are in <see cref="CmdletFacts"/>.</summary>
public sealed record CommandPage
{
    /// <summary>The cmdlet.</summary>
    public required string Name { get; init; }

    /// <summary>One sentence.</summary>
    public required string Synopsis { get; init; }

    /// <summary>Its description, in paragraphs.</summary>
    public required PageText Description { get; init; }

    /// <summary>Its examples, in order.</summary>
    public required IReadOnlyList<PageExample> Examples { get; init; }

    /// <summary>The description of each parameter, by its name without the dash.</summary>
    public required IReadOnlyDictionary<string, PageText> Parameters { get; init; }

    /// <summary>Its piped input, by type.</summary>
    public required IReadOnlyList<(string Heading, PageText Text)> Inputs { get; init; }

    /// <summary>Its output, by type.</summary>
    public required IReadOnlyList<(string Heading, PageText Text)> Outputs { get; init; }

    /// <summary>Notes; null if the page has no such section.</summary>
    public PageText? Notes { get; init; }

    /// <summary>Related links: a text, and an address if it leads out of the module.</summary>
    public required IReadOnlyList<(string Text, string? Address)> Links { get; init; }

    /// <summary>Adds the shared texts for parameters that this page does not describe.</summary>
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
