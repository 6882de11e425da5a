using System.Collections.Immutable;

namespace LlmObs.Emulator.Catalog;

/// <summary>A version of a dataset; versions share the records that they have in common.</summary>
/// <param name="Number">The version, from 0.</param>
/// <param name="Records">Its records in the order of their creation.</param>
/// <param name="LastUsed">When an experiment last referred to it; null where none did.</param>
internal sealed record DatasetSnapshot(long Number, ImmutableList<StoredRecord> Records, DateTimeOffset? LastUsed);
