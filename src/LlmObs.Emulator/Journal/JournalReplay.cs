namespace LlmObs.Emulator.Journal;

/// <summary>Does the writes of a journal again. What was accepted once is not judged by its age.</summary>
/// <param name="store">The store to fill.</param>
internal sealed class JournalReplay(EmulatorStore store)
{
    /// <summary>Does one line.</summary>
    /// <returns>What is wrong with it; null where nothing is.</returns>
    public string? Apply(ReadOnlySpan<byte> line)
    {
        if (!JournalLine.TryRead(line, out JournalEntry? entry))
        {
            return "it is not an entry of a journal";
        }

        return entry!.Kind switch
        {
            JournalKind.Create => Create(entry),
            JournalKind.Update => Update(entry),
            JournalKind.Delete => Delete(entry),
            JournalKind.Events => Append(entry),
            _ => CatalogJournal.Apply(store.Catalog, entry),
        };
    }

    private string? Create(JournalEntry entry)
    {
        if (ExperimentRequest.Read(entry.Body, out ExperimentRequest? request) is { } problem)
        {
            return problem.Detail;
        }

        if (store.FindExperiment(entry.Id) is not null)
        {
            return $"it creates the experiment '{entry.Id}' a second time";
        }

        store.Add(store.WithCurrentVersion(request!).ToExperiment(entry.Id, entry.Name!, entry.At));
        return null;
    }

    private string? Update(JournalEntry entry)
    {
        if (ExperimentChanges.Read(entry.Body, out ExperimentChanges? changes) is { } problem)
        {
            return problem.Detail;
        }

        return store.Update(entry.Id, experiment => changes!.ApplyTo(experiment, entry.At)) ? null : Unknown(entry);
    }

    private string? Delete(JournalEntry entry)
    {
        if (ExperimentDeletion.Read(entry.Body, out IReadOnlyList<string> ids) is { } problem)
        {
            return problem.Detail;
        }

        store.Delete(ids, entry.At);
        return null;
    }

    private string? Append(JournalEntry entry)
    {
        if (EventsReader.Read(entry.Body, EventRules.None, out ParsedEvents events) is { } problem)
        {
            return problem.Detail;
        }

        return store.Append(entry.Id, events, entry.At) ? null : Unknown(entry);
    }

    private static string Unknown(JournalEntry entry) => $"it speaks of the unknown experiment '{entry.Id}'";
}
