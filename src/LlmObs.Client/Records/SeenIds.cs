namespace LlmObs.Client.Records;

/// <summary>
/// The own ids of the records so far. The service keeps the last record of an id, so that of two rows with the same id and different
/// content one would be lost.
/// </summary>
internal sealed class SeenIds
{
    private readonly Dictionary<string, (RowPlace Place, int Content)> _seen = new(StringComparer.Ordinal);

    /// <summary>Notes a record's id. The same record once more is no fault.</summary>
    /// <param name="column">The column of the id, for the error.</param>
    /// <exception cref="EventRowException">Another record has this id.</exception>
    public void Add(RecordText record, RowPlace place, string column)
    {
        if (record.Id is not string id)
        {
            return;
        }

        int content = ContentOf(record);
        if (!_seen.TryAdd(id, (place, content)) && _seen[id] is var first && first.Content != content)
        {
            throw new EventRowException(column, $"is '{id}', as in {first.Place}; one would overwrite the other");
        }
    }

    private static int ContentOf(RecordText record)
    {
        var hash = default(HashCode);
        foreach (ReadOnlyMemory<byte> part in (ReadOnlySpan<ReadOnlyMemory<byte>>)[record.Input, record.ExpectedOutput, record.Metadata])
        {
            hash.Add(part.Length);
            hash.AddBytes(part.Span);
        }

        foreach (string tag in record.Tags)
        {
            hash.Add(tag, StringComparer.Ordinal);
        }

        return hash.ToHashCode();
    }
}
