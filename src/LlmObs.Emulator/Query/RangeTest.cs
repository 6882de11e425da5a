namespace LlmObs.Emulator.Query;

/// <summary>
/// Whether a value is in a range. An end that is a number is compared with numbers, and with texts that are numbers; any
/// other end with texts, by code unit, which is right for RFC 3339 times.
/// </summary>
/// <param name="low">The lower end; null where it is open.</param>
/// <param name="high">The upper end; null where it is open.</param>
internal sealed class RangeTest(QueryBound? low, QueryBound? high) : ValueTest
{
    private readonly FieldValue? _low = low is null ? null : FieldValue.TryNumber(low.Text);
    private readonly FieldValue? _high = high is null ? null : FieldValue.TryNumber(high.Text);

    public override bool Matches(in FieldValue value) =>
        IsWithin(in value, low, _low, sign: 1) && IsWithin(in value, high, _high, sign: -1);

    private static bool IsWithin(in FieldValue value, QueryBound? bound, FieldValue? number, int sign)
    {
        if (bound is null)
        {
            return true;
        }

        int order;
        if (number is { } limit)
        {
            FieldValue? measured = value.IsNumber ? value : value.Kind == FieldKind.Text ? FieldValue.TryNumber(value.Text) : null;
            if (measured is not { } size)
            {
                return false;
            }

            order = FieldValue.CompareNumbers(in size, in limit);
        }
        else
        {
            order = string.CompareOrdinal(value.Text, bound.Text);
        }

        return order == 0 ? bound.IsInclusive : order * (long)sign > 0;
    }
}
