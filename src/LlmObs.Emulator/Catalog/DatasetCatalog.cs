using System.Collections.Immutable;
using System.Runtime.InteropServices;

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

    /// <summary>A dataset; null if there is none of that id in that project.</summary>
    public StoredDataset? FindDataset(string projectId, string id) =>
        Locked(() => _datasets.Find(id)?.Current) is { } found && found.ProjectId == projectId ? found : null;

    /// <summary>A dataset of any project; null if none has that id.</summary>
    public StoredDataset? FindDataset(string id) => Locked(() => _datasets.Find(id)?.Current);

    /// <summary>The versions of a dataset, oldest first; none if there is no such dataset.</summary>
    public IReadOnlyList<DatasetSnapshot> Versions(string id) => Locked<IReadOnlyList<DatasetSnapshot>>(() => [.. _datasets.Find(id)?.Versions ?? []]);

    /// <summary>A version of a dataset; null if there is no such dataset or version.</summary>
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
    /// <returns>The records of the change, each once, as they are after it; null if there is no such dataset.</returns>
    public IReadOnlyList<StoredRecord>? Apply(string datasetId, DatasetChange change, DateTimeOffset at) => Locked(() => _datasets.Find(datasetId)?.Apply(change, at));

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

/// <summary>A dataset with all its versions.</summary>
internal sealed class DatasetEntry(StoredDataset current)
{
    private readonly List<DatasetSnapshot> _versions = [new DatasetSnapshot(0, [], null)];
    private long _lastNumber;

    public StoredDataset Current { get; set; } = current;

    public IReadOnlyList<DatasetSnapshot> Versions => _versions;

    public DatasetSnapshot Latest => _versions[^1];

    /// <summary>A version; null if there is none of that number.</summary>
    public DatasetSnapshot? Version(long? number) =>
        number is null ? Latest : number >= 0 && number < _versions.Count ? _versions[(int)number] : null;

    /// <summary>Changes the records, and with it the version unless the change wants none.</summary>
    /// <returns>The records of the change, each once, as they are after it.</returns>
    public IReadOnlyList<StoredRecord> Apply(DatasetChange change, DateTimeOffset at)
    {
        IReadOnlyList<StoredRecord> touched = [];
        ImmutableList<StoredRecord> records = change.RestoredVersion is { } restored
            ? _versions[(int)restored].Records
            : Changed(Latest.Records, change, change.CreatesVersion ? _versions.Count : Latest.Number, out touched);
        if (change.CreatesVersion)
        {
            _versions.Add(new DatasetSnapshot(_versions.Count, records, null));
        }
        else
        {
            _versions[^1] = Latest with { Records = records };
        }

        Current = Current with { CurrentVersion = Latest.Number, UpdatedAt = at };
        return touched;
    }

    public void MarkUsed(long version, DateTimeOffset at)
    {
        if (Version(version) is { } used)
        {
            _versions[(int)version] = used with { LastUsed = at };
        }
    }

    private ImmutableList<StoredRecord> Changed(ImmutableList<StoredRecord> records, DatasetChange change, long version, out IReadOnlyList<StoredRecord> touched)
    {
        HashSet<string> removed = [.. change.RemovedIds];
        ImmutableList<StoredRecord>.Builder kept = (removed.Count == 0 ? records : records.RemoveAll(record => removed.Contains(record.Id))).ToBuilder();
        var places = new Dictionary<string, int>(kept.Count + change.Records.Count, StringComparer.Ordinal);
        foreach (StoredRecord record in kept)
        {
            places[record.Id] = places.Count;
        }

        var added = new List<StoredRecord>(change.Records.Count); // in the places after those that are kept
        var changed = new List<int>(change.Records.Count); // the places, each once
        var replaced = new HashSet<int>(); // of those that are kept
        foreach (StoredRecord record in change.Records)
        {
            ref int place = ref CollectionsMarshal.GetValueRefOrAddDefault(places, record.Id, out bool isThere);
            if (!isThere)
            {
                place = kept.Count + added.Count;
                changed.Add(place);
                added.Add(record with { Number = ++_lastNumber, Version = version });
            }
            else if (place < kept.Count)
            {
                kept[place] = Replaced(kept[place], record, version);
                if (replaced.Add(place))
                {
                    changed.Add(place);
                }
            }
            else
            {
                added[place - kept.Count] = Replaced(added[place - kept.Count], record, version);
            }
        }

        touched = [.. changed.Select(place => place < kept.Count ? kept[place] : added[place - kept.Count])];
        kept.AddRange(added);
        return kept.ToImmutable();
    }

    private static StoredRecord Replaced(StoredRecord before, StoredRecord record, long version) => record with
    {
        Number = before.Number,
        CreatedAt = before.CreatedAt,
        Version = record.Says(before) ? before.Version : version,
    };
}

/// <summary>Items by their ids, each with a number in the order of creation. Not thread-safe.</summary>
internal sealed class NumberedItems<T>
    where T : class
{
    private readonly Dictionary<string, (long Number, T Item)> _byId = new(StringComparer.Ordinal);
    private long _last;

    public int Count => _byId.Count;

    /// <summary>All, newest first.</summary>
    public IReadOnlyList<(long Number, T Item)> NewestFirst => [.. _byId.Values.OrderByDescending(entry => entry.Number)];

    public T? Find(string id) => _byId.TryGetValue(id, out (long Number, T Item) entry) ? entry.Item : null;

    /// <summary>Adds something, or puts it instead of what has its id.</summary>
    public void Put(string id, T item)
    {
        long number = _byId.TryGetValue(id, out (long Number, T Item) present) ? present.Number : ++_last;
        _byId[id] = (number, item);
    }

    public bool Remove(string id) => _byId.Remove(id);
}
