using System.Collections.Immutable;

namespace LlmObs.Emulator.Catalog;

/// <summary>A dataset with all its versions.</summary>
internal sealed class DatasetEntry(StoredDataset current)
{
    private readonly List<DatasetSnapshot> _versions = [new DatasetSnapshot(0, [], null)];
    private long _lastNumber;

    public StoredDataset Current { get; set; } = current;

    public IReadOnlyList<DatasetSnapshot> Versions => _versions;

    public DatasetSnapshot Latest => _versions[^1];

    /// <summary>A version; null where there is none of that number.</summary>
    public DatasetSnapshot? Version(long? number) =>
        number is null ? Latest : number >= 0 && number < _versions.Count ? _versions[(int)number] : null;

    /// <summary>Changes the records, and with it the version unless the change wants none.</summary>
    public void Apply(DatasetChange change, DateTimeOffset at)
    {
        ImmutableList<StoredRecord> records = change.RestoredVersion is { } restored
            ? _versions[(int)restored].Records
            : Changed(Latest.Records, change, change.CreatesVersion ? _versions.Count : Latest.Number);
        if (change.CreatesVersion)
        {
            _versions.Add(new DatasetSnapshot(_versions.Count, records, null));
        }
        else
        {
            _versions[^1] = Latest with { Records = records };
        }

        Current = Current with { CurrentVersion = Latest.Number, UpdatedAt = at };
    }

    public void MarkUsed(long version, DateTimeOffset at)
    {
        if (Version(version) is { } used)
        {
            _versions[(int)version] = used with { LastUsed = at };
        }
    }

    private ImmutableList<StoredRecord> Changed(ImmutableList<StoredRecord> records, DatasetChange change, long version)
    {
        HashSet<string> removed = [.. change.RemovedIds];
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        ImmutableList<StoredRecord>.Builder changed = (removed.Count == 0 ? records : records.RemoveAll(record => removed.Contains(record.Id))).ToBuilder();
        int place = 0;
        foreach (StoredRecord record in changed)
        {
            places[record.Id] = place++;
        }

        foreach (StoredRecord record in change.Records)
        {
            if (places.TryGetValue(record.Id, out int present))
            {
                StoredRecord before = changed[present];
                changed[present] = record with
                {
                    Number = before.Number,
                    CreatedAt = before.CreatedAt,
                    Version = record.Says(before) ? before.Version : version,
                };
            }
            else
            {
                places[record.Id] = changed.Count;
                changed.Add(record with { Number = ++_lastNumber, Version = version });
            }
        }

        return changed.ToImmutable();
    }
}
