namespace LlmObs.Emulator.Catalog;

/// <summary>What one request does to the records of a dataset, with everything decided that a repetition could decide otherwise.</summary>
internal sealed record DatasetChange
{
    /// <summary>Records that are added, or take the place of those of their ids.</summary>
    public IReadOnlyList<StoredRecord> Records { get; init; } = [];

    /// <summary>The ids of records that go.</summary>
    public IReadOnlyList<string> RemovedIds { get; init; } = [];

    /// <summary>The version whose records come back; null for the other changes.</summary>
    public long? RestoredVersion { get; init; }

    /// <summary>Whether the change makes a version.</summary>
    public bool CreatesVersion { get; init; } = true;
}
