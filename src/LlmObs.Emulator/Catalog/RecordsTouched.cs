namespace LlmObs.Emulator.Catalog;

/// <summary>The records that a change touched.</summary>
/// <param name="Changed">Those that were added or changed, as they are now.</param>
/// <param name="Deleted">Those that are gone, as they were.</param>
/// <param name="Version">The version of the dataset after it.</param>
/// <param name="At">When it was.</param>
internal sealed record RecordsTouched(
    IReadOnlyList<StoredRecord> Changed, IReadOnlyList<StoredRecord> Deleted, long Version, DateTimeOffset At);
