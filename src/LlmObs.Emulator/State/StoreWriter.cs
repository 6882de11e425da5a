using System.Globalization;

namespace LlmObs.Emulator.State;

/// <summary>
/// The one way into the store. Each write is put into the journal before it is visible, and both happen in the same order,
/// so that a restart restores the state of this process.
/// </summary>
/// <param name="store">The store to write to.</param>
/// <param name="time">The clock.</param>
/// <param name="takesUnknownIds">True if an experiment may name missing projects, datasets, versions and parents.</param>
internal sealed class StoreWriter(EmulatorStore store, JournalWriter journal, TimeProvider time, bool takesUnknownIds)
{
    /// <summary>Makes an experiment, or finds the one that is asked for by name.</summary>
    /// <param name="body">The body that asked for it.</param>
    /// <param name="result">The experiment, and true if it is new.</param>
    /// <returns>The reason why it could not be kept; null if it was.</returns>
    public Problem? Create(ExperimentRequest request, byte[] body, out (StoredExperiment Experiment, bool IsNew) result)
    {
        lock (journal.Gate)
        {
            result = default;
            if (!takesUnknownIds && FindUnknown(request) is { } unknown)
            {
                return unknown;
            }

            StoredExperiment? existing = request.EnsureUnique ? null : Named(request.ProjectId, request.Name);
            if (existing is not null)
            {
                result = (existing, false);
                return null;
            }

            DateTimeOffset now = time.GetUtcNow();
            string name = request.EnsureUnique ? UniqueName(request, now) : request.Name;
            StoredExperiment created = store.WithCurrentVersion(request).ToExperiment(RandomIds.New(), name, now);
            var entry = new JournalEntry(JournalKind.Create, created.Id, now, BodyJson.OnOneLine(body)) { Name = name };
            if (journal.Keep(() => entry) is { } problem)
            {
                return problem;
            }

            store.Add(created);
            result = (created, true);
            return null;
        }
    }

    public Problem? Update(string id, ExperimentChanges changes, byte[] body, out StoredExperiment? experiment)
    {
        lock (journal.Gate)
        {
            experiment = store.FindExperiment(id);
            if (experiment is null)
            {
                return Unknown(id);
            }

            DateTimeOffset now = time.GetUtcNow();
            if (journal.Keep(() => new JournalEntry(JournalKind.Update, id, now, BodyJson.OnOneLine(body))) is { } problem)
            {
                return problem;
            }

            StoredExperiment changed = changes.ApplyTo(experiment, now);
            store.Update(id, _ => changed);
            experiment = changed;
            return null;
        }
    }

    /// <summary>Deletes experiments.</summary>
    public Problem? Delete(IReadOnlyList<string> ids, byte[] body)
    {
        lock (journal.Gate)
        {
            DateTimeOffset now = time.GetUtcNow();
            if (journal.Keep(() => new JournalEntry(JournalKind.Delete, string.Empty, now, BodyJson.OnOneLine(body))) is { } problem)
            {
                return problem;
            }

            store.Delete(ids, now);
            return null;
        }
    }

    public Problem? Append(string id, ParsedEvents events)
    {
        lock (journal.Gate)
        {
            if (store.FindExperiment(id) is null)
            {
                return Unknown(id);
            }

            DateTimeOffset now = time.GetUtcNow();
            if (journal.Keep(() => new JournalEntry(JournalKind.Events, id, now, events.Body)) is { } problem)
            {
                return problem;
            }

            store.Append(id, events, now);
            return null;
        }
    }

    public static Problem Unknown(string id) => new(404, $"There is no experiment with the id '{id}'.");

    /// <summary>The first missing object that a creation names; null if all exist.</summary>
    private Problem? FindUnknown(ExperimentRequest request)
    {
        if (store.Catalog.FindProject(request.ProjectId) is null)
        {
            return CatalogProblems.UnknownProject(request.ProjectId) with { Pointer = "/data/attributes/project_id" };
        }

        if (!string.IsNullOrEmpty(request.DatasetId))
        {
            if (store.Catalog.FindDataset(request.ProjectId, request.DatasetId) is not { } dataset)
            {
                return CatalogProblems.UnknownDataset(request.ProjectId, request.DatasetId) with { Pointer = "/data/attributes/dataset_id" };
            }

            if (store.Catalog.Version(dataset.Id, request.DatasetVersion) is null)
            {
                return CatalogProblems.UnknownVersion(dataset, request.DatasetVersion) with { Pointer = "/data/attributes/dataset_version" };
            }
        }

        return !string.IsNullOrEmpty(request.ParentExperimentId) && store.FindExperiment(request.ParentExperimentId) is null
            ? Unknown(request.ParentExperimentId) with { Pointer = "/data/attributes/parent_experiment_id" }
            : null;
    }

    private StoredExperiment? Named(string project, string name) =>
        store.Read((experiments, _) => experiments.FindNamed(project, name));

    /// <summary>The name with the time in ms; for two in the same ms, the next one that is free.</summary>
    private string UniqueName(ExperimentRequest request, DateTimeOffset now)
    {
        long suffix = now.ToUnixTimeMilliseconds();
        while (true)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"{request.Name}-{suffix}");
            if (Named(request.ProjectId, name) is null)
            {
                return name;
            }

            suffix++;
        }
    }
}
