namespace LlmObs.Emulator.Aggregation;

/// <summary>A running average, with what plain addition would round away (Neumaier's sum).</summary>
internal struct Average
{
    private double _sum;
    private double _lost;
    private long _count;

    /// <summary>The average; null where nothing was added, or where the sum is beyond what a number can hold.</summary>
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
