namespace LlmObs.Emulator.Aggregation;

/// <summary>One group of an answer.</summary>
/// <param name="Key">The group's values, in the order of <c>group_by</c>.</param>
/// <param name="Count">The events in it.</param>
/// <param name="Averages">The computed values, in the order of <c>compute</c>; null where no event has the field.</param>
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
