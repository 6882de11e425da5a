namespace LlmObs;

/// <summary>
/// Tells which experiment is meant: by its id, by a name that still has to be looked up, or by the experiment itself.
/// PowerShell makes one of text, of an experiment, and of everything that names its experiment, also after a trip through
/// JSON, CLIXML or a job.
/// </summary>
public sealed record ExperimentReference
{
    /// <summary>The id; null if only the name is known.</summary>
    public string? Id { get; init; }

    /// <summary>The name or the logical name; null if it is not known.</summary>
    public string? Name { get; init; }

    /// <summary>The experiment; null if nobody has read it yet.</summary>
    public Experiment? Experiment { get; init; }

    /// <summary>Text: an id if it is a UUID, as all ids of the service are, else a name.</summary>
    /// <param name="text">The text.</param>
    public static implicit operator ExperimentReference?(string? text) =>
        string.IsNullOrWhiteSpace(text) ? null
        : Guid.TryParseExact(text.Trim(), "D", out _) ? new ExperimentReference { Id = text.Trim() }
        : new ExperimentReference { Name = text };

    /// <summary>An experiment.</summary>
    /// <param name="experiment">The experiment.</param>
    public static implicit operator ExperimentReference?(Experiment? experiment) =>
        experiment is null ? null : new ExperimentReference { Id = experiment.Id, Name = experiment.Name, Experiment = experiment };

    /// <summary>The id if it is known, else the name.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Id ?? Name ?? string.Empty;
}
