namespace LlmObs.Emulator.Aggregation;

/// <summary>The counts and averages of all groups while they are made.</summary>
/// <param name="measured">The fields that are averaged.</param>
internal sealed class GroupSums(GroupTree groups, QueryableField[] measured)
{
    private readonly List<FieldValue> _values = [];
    private readonly List<int> _placed = [];
    private long[] _counts = [];
    private Average[] _averages = [];

    /// <summary>Adds an event to its groups.</summary>
    /// <returns>False if it is in too many.</returns>
    public bool TryAdd(EventView view)
    {
        if (!groups.TryPlace(view, _placed))
        {
            return false;
        }

        Grow();
        foreach (int group in _placed)
        {
            _counts[group]++;
        }

        for (int index = 0; index < measured.Length; index++)
        {
            if (measured[index] is RowField field)
            {
                if (field.ValueOf(view).Measure is { } only)
                {
                    AddNumber(index, only);
                }

                continue;
            }

            _values.Clear();
            measured[index].Collect(view, _values);
            foreach (FieldValue value in _values)
            {
                if (value.Measure is { } number)
                {
                    AddNumber(index, number);
                }
            }
        }

        return true;
    }

    /// <summary>The first buckets of the answer's order.</summary>
    /// <param name="limit">The most groups.</param>
    public List<Bucket> Take(int limit)
    {
        // Only as many as are wanted are kept, the last of them on top, so that a million groups need not be sorted.
        var kept = new PriorityQueue<Bucket, Bucket>(Comparer<Bucket>.Create((left, right) => right.CompareTo(left)));
        for (int group = 0; group < groups.Count; group++)
        {
            if (group >= _counts.Length || _counts[group] == 0)
            {
                continue;
            }

            if (kept.Count == limit && _counts[group] < kept.Peek().Count)
            {
                continue;
            }

            var bucket = new Bucket(groups.Key(group), _counts[group], Averages(group));
            if (kept.Count < limit)
            {
                kept.Enqueue(bucket, bucket);
            }
            else
            {
                kept.EnqueueDequeue(bucket, bucket);
            }
        }

        List<Bucket> buckets = [.. kept.UnorderedItems.Select(item => item.Element)];
        buckets.Sort();
        return buckets;
    }

    private void AddNumber(int index, double number)
    {
        foreach (int group in _placed)
        {
            _averages[(group * measured.Length) + index].Add(number);
        }
    }

    private double?[] Averages(int group) =>
        Array.ConvertAll(_averages[(group * measured.Length)..((group + 1) * measured.Length)], average => average.Value);

    private void Grow()
    {
        if (groups.Count > _counts.Length)
        {
            int size = Math.Max(16, groups.Count * 2);
            Array.Resize(ref _counts, size);
            Array.Resize(ref _averages, size * measured.Length);
        }
    }
}

/// <summary>A running average, with what plain addition would round away (Neumaier's sum).</summary>
internal struct Average
{
    private double _sum;
    private double _lost;
    private long _count;

    /// <summary>The average; null if nothing was added, or if the sum is beyond the range of a number.</summary>
    public readonly double? Value
    {
        get
        {
            double value = (_sum + _lost) / _count;
            return _count > 0 && double.IsFinite(value) ? value : null;
        }
    }

    public void Add(double value)
    {
        double sum = _sum + value;
        _lost += Math.Abs(_sum) >= Math.Abs(value) ? _sum - sum + value : value - sum + _sum;
        _sum = sum;
        _count++;
    }
}

/// <summary>One group of an answer.</summary>
/// <param name="Key">The group's values, in the order of <c>group_by</c>.</param>
/// <param name="Count">The events in it.</param>
/// <param name="Averages">The computed values, in the order of <c>compute</c>; null if no event has the field.</param>
internal sealed record Bucket(FieldValue[] Key, long Count, double?[] Averages) : IComparable<Bucket>
{
    /// <summary>The larger group first; of equal ones the one with the smaller key.</summary>
    public int CompareTo(Bucket? other)
    {
        if (other is null || other.Count != Count)
        {
            return other is null ? 1 : other.Count.CompareTo(Count);
        }

        for (int index = 0; index < Key.Length; index++)
        {
            int order = Key[index].CompareTo(other.Key[index]);
            if (order != 0)
            {
                return order;
            }
        }

        return 0;
    }
}
