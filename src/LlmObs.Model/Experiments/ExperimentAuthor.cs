namespace LlmObs;

/// <summary>The user who made an experiment; the service sends it only where it was asked to.</summary>
public sealed record ExperimentAuthor
{
    /// <summary>The user's id.</summary>
    public string? Id { get; init; }

    /// <summary>The display name.</summary>
    public string? Name { get; init; }

    /// <summary>The e-mail address.</summary>
    public string? Email { get; init; }

    /// <summary>The user name or handle.</summary>
    public string? Handle { get; init; }

    /// <summary>The address of the user's icon.</summary>
    public string? Icon { get; init; }

    /// <summary>What a table cell shows of an author.</summary>
    /// <returns>The name, else the handle, else the id.</returns>
    public override string ToString() => Name ?? Handle ?? Id ?? string.Empty;
}
