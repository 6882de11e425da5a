namespace LlmObs.Emulator.State;

/// <summary>The one way into the catalog of projects and datasets; each change is in the journal before it is visible.</summary>
internal sealed class CatalogWriter(DatasetCatalog catalog, JournalWriter journal, TimeProvider time)
{
    /// <summary>Makes a project, or finds the one that has its name.</summary>
    public Problem? CreateProject(CatalogRequest request, out StoredProject? project)
    {
        lock (journal.Gate)
        {
            project = catalog.Projects.Select(entry => entry.Project).LastOrDefault(present => present.Name == request.Name.Value);
            if (project is not null)
            {
                return null;
            }

            DateTimeOffset now = time.GetUtcNow();
            project = new StoredProject
            {
                Id = RandomIds.New(),
                Name = request.Name.Value!,
                Description = request.Description.Value,
                CreatedAt = now,
                UpdatedAt = now,
            };
            return Put(project, now);
        }
    }

    public Problem? UpdateProject(string id, CatalogRequest request, out StoredProject? project)
    {
        lock (journal.Gate)
        {
            project = catalog.FindProject(id);
            if (project is null)
            {
                return CatalogProblems.UnknownProject(id);
            }

            DateTimeOffset now = time.GetUtcNow();
            project = project with { Name = request.Name.Value ?? project.Name, Description = request.Description.Or(project.Description), UpdatedAt = now };
            return Put(project, now);
        }
    }

    public Problem? DeleteProjects(IReadOnlyList<string> ids)
    {
        lock (journal.Gate)
        {
            Problem? problem = journal.Keep(() => CatalogJournal.OfRemoved(JournalKind.ProjectsRemoved, ids, time.GetUtcNow()));
            if (problem is null)
            {
                catalog.RemoveProjects(ids);
            }

            return problem;
        }
    }

    /// <summary>Makes a dataset, or finds the one of the project that has its name: that stays as it is.</summary>
    public Problem? CreateDataset(string projectId, CatalogRequest request, out StoredDataset? dataset)
    {
        lock (journal.Gate)
        {
            dataset = null;
            if (catalog.FindProject(projectId) is null)
            {
                return CatalogProblems.UnknownProject(projectId);
            }

            dataset = catalog.Datasets.Select(entry => entry.Dataset)
                .LastOrDefault(present => present.ProjectId == projectId && present.Name == request.Name.Value);
            return dataset is null ? AddDataset(projectId, request, out dataset) : null;
        }
    }

    /// <summary>Makes a dataset with the records that another one holds now; they get ids of their own.</summary>
    public Problem? CloneDataset(string projectId, string sourceId, CatalogRequest request, out StoredDataset? dataset)
    {
        lock (journal.Gate)
        {
            dataset = null;
            if (catalog.FindDataset(projectId, sourceId) is not { } source)
            {
                return CatalogProblems.UnknownDataset(projectId, sourceId);
            }

            if (AddDataset(projectId, request with { Metadata = source.Metadata }, out dataset) is { } problem)
            {
                return problem;
            }

            IReadOnlyList<StoredRecord> records = catalog.Version(sourceId, null)!.Records;
            DateTimeOffset now = time.GetUtcNow();
            StoredRecord[] copies = [.. records.Select(record => record with { Id = RandomIds.New(), CreatedAt = now, UpdatedAt = now })];
            Problem? flaw = copies.Length == 0 ? null : Apply(dataset!.Id, new DatasetChange { Records = copies }, now);
            dataset = catalog.FindDataset(projectId, dataset!.Id);
            return flaw;
        }
    }

    public Problem? UpdateDataset(string projectId, string id, CatalogRequest request, out StoredDataset? dataset)
    {
        lock (journal.Gate)
        {
            dataset = catalog.FindDataset(projectId, id);
            if (dataset is null)
            {
                return CatalogProblems.UnknownDataset(projectId, id);
            }

            DateTimeOffset now = time.GetUtcNow();
            dataset = dataset with
            {
                Name = request.Name.Value ?? dataset.Name,
                Description = request.Description.Or(dataset.Description),
                Metadata = request.Metadata.Or(dataset.Metadata),
                UpdatedAt = now,
            };
            return Put(dataset, now);
        }
    }

    /// <summary>Deletes datasets of a project; ids that are not among them are passed over, so that it can be asked again.</summary>
    public Problem? DeleteDatasets(string projectId, IReadOnlyList<string> ids, out IReadOnlyList<StoredDataset> deleted)
    {
        lock (journal.Gate)
        {
            deleted = [.. ids.Distinct().Select(id => catalog.FindDataset(projectId, id)).OfType<StoredDataset>()];
            if (catalog.FindProject(projectId) is null)
            {
                return CatalogProblems.UnknownProject(projectId);
            }

            return Remove(ref deleted);
        }
    }

    /// <summary>Deletes datasets of any project, as a request does that names none.</summary>
    public Problem? DeleteDatasets(IReadOnlyList<string> ids, out IReadOnlyList<StoredDataset> deleted)
    {
        lock (journal.Gate)
        {
            deleted = [.. ids.Distinct().Select(catalog.FindDataset).OfType<StoredDataset>()];
            return Remove(ref deleted);
        }
    }

    public Problem? Restore(string projectId, string id, long version)
    {
        lock (journal.Gate)
        {
            return catalog.FindDataset(projectId, id) is not { } dataset ? CatalogProblems.UnknownDataset(projectId, id)
                : catalog.Version(id, version) is null ? CatalogProblems.UnknownVersion(dataset, version)
                : Apply(id, new DatasetChange { RestoredVersion = version }, time.GetUtcNow());
        }
    }

    /// <summary>Changes records; a request that changes nothing makes no version.</summary>
    public Problem? Change(string projectId, string id, RecordRequest request, out RecordsTouched touched)
    {
        lock (journal.Gate)
        {
            touched = new RecordsTouched([], [], 0, time.GetUtcNow());
            if (catalog.FindDataset(projectId, id) is null)
            {
                return CatalogProblems.UnknownDataset(projectId, id);
            }

            DatasetSnapshot before = catalog.Version(id, null)!;
            if (RecordChangeSet.Make(before.Records, request, touched.At, out DatasetChange change) is { } problem)
            {
                return problem;
            }

            IReadOnlyList<StoredRecord> changed = [];
            Problem? flaw = change.Records.Count + change.RemovedIds.Count == 0 ? null : Apply(id, change, touched.At, out changed);
            HashSet<string> removed = [.. change.RemovedIds];
            touched = touched with
            {
                Changed = changed,
                Deleted = removed.Count == 0 ? [] : [.. before.Records.Where(record => removed.Contains(record.Id))],
                Version = catalog.Version(id, null)!.Number,
            };
            return flaw;
        }
    }

    private Problem? Remove(ref IReadOnlyList<StoredDataset> datasets)
    {
        DateTimeOffset now = time.GetUtcNow();
        string[] ids = [.. datasets.Select(dataset => dataset.Id)];
        Problem? problem = journal.Keep(() => CatalogJournal.OfRemoved(JournalKind.DatasetsRemoved, ids, now));
        if (problem is null)
        {
            catalog.RemoveDatasets(ids);
            datasets = [.. datasets.Select(dataset => dataset with { DeletedAt = now })];
        }

        return problem;
    }

    private Problem? AddDataset(string projectId, CatalogRequest request, out StoredDataset? dataset)
    {
        DateTimeOffset now = time.GetUtcNow();
        dataset = new StoredDataset
        {
            Id = RandomIds.New(),
            ProjectId = projectId,
            Name = request.Name.Value!,
            Description = request.Description.Value,
            Metadata = request.Metadata.Value,
            CreatedAt = now,
            UpdatedAt = now,
        };
        return Put(dataset, now);
    }

    private Problem? Put(StoredProject project, DateTimeOffset now)
    {
        Problem? problem = journal.Keep(() => CatalogJournal.Of(project, now));
        if (problem is null)
        {
            catalog.Put(project);
        }

        return problem;
    }

    private Problem? Put(StoredDataset dataset, DateTimeOffset now)
    {
        Problem? problem = journal.Keep(() => CatalogJournal.Of(dataset, now));
        if (problem is null)
        {
            catalog.Put(dataset);
        }

        return problem;
    }

    private Problem? Apply(string datasetId, DatasetChange change, DateTimeOffset now) => Apply(datasetId, change, now, out _);

    private Problem? Apply(string datasetId, DatasetChange change, DateTimeOffset now, out IReadOnlyList<StoredRecord> changed)
    {
        Problem? problem = journal.Keep(() => CatalogJournal.Of(datasetId, change, now));
        changed = problem is null ? catalog.Apply(datasetId, change, now)! : [];
        return problem;
    }
}
