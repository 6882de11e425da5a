using System.Collections.Immutable;

namespace LlmObs.Emulator.Catalog;

/// <summary>A version of a dataset; versions share the records that they have in common.</summary>
/// <param name="Number">The version, from 0.</param>
/// <param name="Records">Its records in the order of their creation.</param>
/// <param name="LastUsed">When an experiment last referred to it; null where none did.</param>
internal sealed record DatasetSnapshot(long Number, ImmutableList<StoredRecord> Records, DateTimeOffset? LastUsed)
{
    /// <summary>The records from the newest on, or from the one before a place on: a page of many costs no more than one of few.</summary>
    public IEnumerable<StoredRecord> NewestBefore(long? place)
    {
        // Records stand in the order of their numbers.
        int end = Records.Count;
        for (int start = 0; place is { } before && start < end;)
        {
            int middle = start + ((end - start) / 2);
            (start, end) = Records[middle].Number < before ? (middle + 1, end) : (start, middle);
        }

        for (int index = end - 1; index >= 0; index--)
        {
            yield return Records[index];
        }
    }
}
