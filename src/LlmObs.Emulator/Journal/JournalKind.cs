namespace LlmObs.Emulator.Journal;

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
