namespace LlmObs.Emulator.Catalog;

/// <summary>Works out what a request changes of the records that are there.</summary>
internal static class RecordChangeSet
{
    public static Problem? Make(IReadOnlyList<StoredRecord> present, RecordRequest request, DateTimeOffset at, out DatasetChange change)
    {
        change = new DatasetChange();
        Dictionary<string, StoredRecord> byId = present.ToDictionary(record => record.Id, StringComparer.Ordinal);
        var put = new List<StoredRecord>(request.Updates.Count + request.Inserts.Count);
        bool changes = false;
        void Put(StoredRecord record, StoredRecord? before)
        {
            put.Add(record);
            changes |= before is null || !record.Says(before);
        }

        foreach (RecordDraft draft in request.Updates)
        {
            if (!byId.TryGetValue(draft.Id!, out StoredRecord? before))
            {
                return new Problem(404, $"There is no record with the id '{draft.Id}' in this dataset.", draft.Pointer);
            }

            Put(byId[draft.Id!] = draft.ToRecord(before, at), before);
        }

        HashSet<string> inputs = request.Deduplicates ? [.. present.Select(record => Key(record.InputJson))] : [];
        foreach (RecordDraft draft in request.Inserts)
        {
            bool isKnown = draft.Id is not null && byId.ContainsKey(draft.Id);
            if ((request.Deduplicates && !isKnown && !inputs.Add(Key(draft.Input.Value!.Value)))
                || (!request.Overwrites && isKnown))
            {
                continue;
            }

            StoredRecord? before = draft.Id is null ? null : byId.GetValueOrDefault(draft.Id);
            RecordDraft tagged = request.Tags.Count == 0 ? draft : draft with { Tags = [.. (draft.Tags ?? before?.Tags ?? []).Union(request.Tags)] };
            StoredRecord record = tagged.ToRecord(before, at);
            Put(record, before);
            if (draft.Id is not null)
            {
                byId[draft.Id] = record;
            }
        }

        string[] removed = [.. request.RemovedIds.Where(byId.ContainsKey)];
        changes |= removed.Length > 0;
        change = new DatasetChange { Records = put, RemovedIds = removed, CreatesVersion = request.CreatesVersion && changes };
        return null;
    }

    /// <summary>An input as text that is the same for the same value, however it was spaced.</summary>
    private static string Key(StoredJson input) => System.Text.Encoding.UTF8.GetString(ResourceDocument.Write(input.ToElement().WriteTo));
}

/// <summary>The records that a change touched.</summary>
/// <param name="Changed">The added or changed records, with their new values.</param>
/// <param name="Deleted">The deleted records, with their old values.</param>
/// <param name="Version">The version of the dataset after it.</param>
/// <param name="At">When it was.</param>
internal sealed record RecordsTouched(
    IReadOnlyList<StoredRecord> Changed, IReadOnlyList<StoredRecord> Deleted, long Version, DateTimeOffset At);
