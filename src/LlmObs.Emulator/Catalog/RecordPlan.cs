using System.Text.Json;

namespace LlmObs.Emulator.Catalog;

/// <summary>Works out what a request changes of the records that are there.</summary>
internal static class RecordPlan
{
    public static Problem? Make(IReadOnlyList<StoredRecord> present, RecordRequest request, DateTimeOffset at, out DatasetChange change)
    {
        change = new DatasetChange();
        Dictionary<string, StoredRecord> byId = present.ToDictionary(record => record.Id, StringComparer.Ordinal);
        var put = new List<StoredRecord>();
        foreach (RecordDraft draft in request.Updates)
        {
            if (!byId.TryGetValue(draft.Id!, out StoredRecord? before))
            {
                return new Problem(404, $"There is no record with the id '{draft.Id}' in this dataset.", draft.Pointer);
            }

            put.Add(byId[draft.Id!] = draft.ToRecord(before, at));
        }

        HashSet<string> inputs = request.Deduplicates ? [.. present.Select(record => Key(record.Input))] : [];
        foreach (RecordDraft draft in request.Inserts)
        {
            if ((request.Deduplicates && !inputs.Add(Key(draft.Input.Value!.Value)))
                || (!request.Overwrites && draft.Id is not null && byId.ContainsKey(draft.Id)))
            {
                continue;
            }

            StoredRecord record = (draft with { Tags = [.. (draft.Tags ?? []).Union(request.Tags)] }).ToRecord(before: null, at);
            byId[record.Id] = record;
            put.Add(record);
        }

        change = new DatasetChange { Records = put, RemovedIds = [.. request.RemovedIds.Where(byId.ContainsKey)], CreatesVersion = request.CreatesVersion };
        return null;
    }

    /// <summary>An input as text that is the same for the same value, however it was spaced.</summary>
    private static string Key(JsonElement input) => System.Text.Encoding.UTF8.GetString(ResourceDocument.Write(input.WriteTo));
}
