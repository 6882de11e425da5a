namespace LlmObs.Emulator.Catalog;

/// <summary>
/// The projects and datasets of an emulator. Reads may come from any thread at any time; each sees the whole of a change or
/// nothing of it.
/// </summary>
internal sealed class DatasetCatalog
{
    private readonly Lock _gate = new();
    private readonly NumberedItems<StoredProject> _projects = new();
    private readonly NumberedItems<DatasetEntry> _datasets = new();

    /// <summary>All projects with their numbers, newest first.</summary>
    public IReadOnlyList<(long Number, StoredProject Project)> Projects => Locked(() => _projects.NewestFirst);

    /// <summary>All datasets with their numbers, newest first.</summary>
    public IReadOnlyList<(long Number, StoredDataset Dataset)> Datasets =>
        Locked(() => _datasets.NewestFirst.Select(entry => (entry.Number, entry.Item.Current)).ToArray());

    public StoredProject? FindProject(string id) => Locked(() => _projects.Find(id));

    /// <summary>A dataset; null where there is none of that id in that project.</summary>
    public StoredDataset? FindDataset(string projectId, string id) =>
        Locked(() => _datasets.Find(id)?.Current) is { } found && found.ProjectId == projectId ? found : null;

    /// <summary>A dataset, whatever its project; null where there is none of that id.</summary>
    public StoredDataset? FindDataset(string id) => Locked(() => _datasets.Find(id)?.Current);

    /// <summary>The versions of a dataset, oldest first; none where there is no such dataset.</summary>
    public IReadOnlyList<DatasetSnapshot> Versions(string id) => Locked<IReadOnlyList<DatasetSnapshot>>(() => [.. _datasets.Find(id)?.Versions ?? []]);

    /// <summary>A version of a dataset; null where there is no such dataset or version.</summary>
    public DatasetSnapshot? Version(string id, long? number) => Locked(() => _datasets.Find(id)?.Version(number));

    public void Put(StoredProject project) => Locked(() => _projects.Put(project.Id, project));

    public void Put(StoredDataset dataset) => Locked(() =>
    {
        if (_datasets.Find(dataset.Id) is { } entry)
        {
            entry.Current = dataset with { CurrentVersion = entry.Latest.Number };
        }
        else
        {
            _datasets.Put(dataset.Id, new DatasetEntry(dataset));
        }
    });

    /// <summary>Removes projects, and with them their datasets.</summary>
    public void RemoveProjects(IReadOnlyList<string> ids) => Locked(() =>
    {
        foreach (string id in ids.Where(_projects.Remove))
        {
            Remove(_datasets.NewestFirst.Where(entry => entry.Item.Current.ProjectId == id).Select(entry => entry.Item.Current.Id));
        }
    });

    public void RemoveDatasets(IReadOnlyList<string> ids) => Locked(() => Remove(ids));

    /// <summary>Changes the records of a dataset.</summary>
    /// <returns>Whether there is such a dataset.</returns>
    public bool Apply(string datasetId, DatasetChange change, DateTimeOffset at) => Locked(() =>
    {
        DatasetEntry? entry = _datasets.Find(datasetId);
        entry?.Apply(change, at);
        return entry is not null;
    });

    /// <summary>Notes that an experiment refers to a version of a dataset.</summary>
    public void MarkUsed(string datasetId, long version, DateTimeOffset at) => Locked(() => _datasets.Find(datasetId)?.MarkUsed(version, at));

    private void Remove(IEnumerable<string> datasetIds)
    {
        foreach (string id in datasetIds)
        {
            _datasets.Remove(id);
        }
    }

    private void Locked(Action change) => Locked(() =>
    {
        change();
        return true;
    });

    private T Locked<T>(Func<T> query)
    {
        lock (_gate)
        {
            return query();
        }
    }
}
