namespace LlmObs.Client.Sending;

/// <summary>Some events of a batch, in their order: all of it, a range, or the rest after single ones are removed.</summary>
internal readonly struct BatchSlice
{
    private readonly int[]? _indexes; // null: a stretch of the batch
    private readonly int _first;

    private BatchSlice(EventBatch batch, int[]? indexes, int first, int count)
    {
        Batch = batch;
        _indexes = indexes;
        _first = first;
        Count = count;
    }

    public EventBatch Batch { get; }

    public int Count { get; }

    /// <summary>The place of an event in the batch.</summary>
    public int this[int position] => _indexes is null ? _first + position : _indexes[_first + position];

    public static BatchSlice AllOf(EventBatch batch) => new(batch, null, 0, batch.Count);

    public EventSlice Event(int position) => Batch.Events[this[position]];

    public BatchSlice Slice(int offset, int count) => new(Batch, _indexes, _first + offset, count);

    public BatchSlice Slice(int offset) => Slice(offset, Count - offset);

    /// <summary>The bytes of their JSON.</summary>
    public long Bytes()
    {
        long bytes = 0;
        for (int position = 0; position < Count; position++)
        {
            EventSlice slice = Event(position);
            bytes += slice.End - slice.Start;
        }

        return bytes;
    }

    /// <summary>The slice without some of its events.</summary>
    /// <param name="positions">Their positions here, ascending.</param>
    public BatchSlice Without(IReadOnlyList<int> positions)
    {
        var left = new List<int>(Count);
        int next = 0;
        for (int position = 0; position < Count; position++)
        {
            if (next < positions.Count && positions[next] == position)
            {
                next++;
            }
            else
            {
                left.Add(this[position]);
            }
        }

        return Of(Batch, [.. left]);
    }

    /// <summary>Single events of a batch.</summary>
    /// <param name="indexes">Their places in it, ascending.</param>
    public static BatchSlice Of(EventBatch batch, int[] indexes) => new(batch, indexes, 0, indexes.Length);
}
