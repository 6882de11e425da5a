namespace LlmObs.Emulator.Journal;

/// <summary>One accepted write.</summary>
/// <param name="Kind">What it was.</param>
/// <param name="Id">The experiment; empty where the body names several.</param>
/// <param name="At">When it was accepted.</param>
/// <param name="Body">The request's body, without line breaks.</param>
internal sealed record JournalEntry(JournalKind Kind, string Id, DateTimeOffset At, byte[] Body)
{
    /// <summary>The name that a creation was given.</summary>
    public string? Name { get; init; }
}

/// <summary>The writes that a journal holds.</summary>
internal enum JournalKind
{
    Create,
    Update,
    Events,
    Project,
    ProjectsRemoved,
    Dataset,
    DatasetsRemoved,
    Records,
    Delete,
}
