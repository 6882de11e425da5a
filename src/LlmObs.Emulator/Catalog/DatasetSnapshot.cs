using System.Collections.Immutable;
using System.Globalization;

namespace LlmObs.Emulator.Catalog;

/// <summary>A version of a dataset; versions share the records that they have in common.</summary>
/// <param name="Number">The version, from 0.</param>
/// <param name="Records">Its records in the order of their creation.</param>
/// <param name="LastUsed">The last time that an experiment referred to it; null if none did.</param>
internal sealed record DatasetSnapshot(long Number, ImmutableList<StoredRecord> Records, DateTimeOffset? LastUsed)
{
    /// <summary>The records from the newest on, or from the one before a place on: a page of many costs no more than one of few.</summary>
    public IEnumerable<StoredRecord> NewestBefore(long? place)
    {
        // Records are in the order of their numbers.
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

/// <summary>Finds the version of a dataset that a request wants to read.</summary>
internal static class DatasetView
{
    /// <param name="catalog">The catalog to search.</param>
    /// <param name="request">The request; its path names project and dataset.</param>
    /// <param name="parameter">The query parameter that names the version; the current one if it is missing.</param>
    public static Problem? Find(DatasetCatalog catalog, RouteRequest request, string parameter, out DatasetSnapshot? version)
    {
        version = null;
        if (catalog.FindDataset(request.Ids[0], request.Ids[1]) is not { } dataset)
        {
            return CatalogProblems.UnknownDataset(request.Ids[0], request.Ids[1]);
        }

        long? number = null;
        if (request.Query[parameter] is { } text)
        {
            if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long given))
            {
                return Problem.WrongParameter(parameter, $"'{parameter}' must be a number, not '{text}'.");
            }

            number = given;
        }

        version = catalog.Version(dataset.Id, number);
        return version is null ? CatalogProblems.UnknownVersion(dataset, number) with { Parameter = parameter } : null;
    }
}

/// <summary>The changes of one request to a dataset's records, with everything fixed that a replay could decide differently.</summary>
internal sealed record DatasetChange
{
    /// <summary>Records that are added, or replace the records with their ids.</summary>
    public IReadOnlyList<StoredRecord> Records { get; init; } = [];

    /// <summary>The ids of records that go.</summary>
    public IReadOnlyList<string> RemovedIds { get; init; } = [];

    /// <summary>The version whose records come back; null for the other changes.</summary>
    public long? RestoredVersion { get; init; }

    /// <summary>True if the change makes a version.</summary>
    public bool CreatesVersion { get; init; } = true;
}
