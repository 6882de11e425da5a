namespace LlmObs.Bench.Measuring;

/// <summary>All that was measured.</summary>
internal sealed class Results
{
    private readonly Dictionary<string, List<Sample>> samples = [];
    private readonly List<MemoryResult> memory = [];

    public IReadOnlyList<MemoryResult> Memory => memory;

    public EmulatorResult? Emulator { get; set; }

    public void Add(string name, Sample sample)
    {
        if (!samples.TryGetValue(name, out List<Sample>? list))
        {
            samples.Add(name, list = []);
        }

        list.Add(sample);
    }

    public void AddMemory(MemoryResult result) => memory.Add(result);

    public IReadOnlyList<Sample> Of(string name) => samples.TryGetValue(name, out List<Sample>? list) ? list : [];

    /// <summary>The median time; null where it was not measured.</summary>
    public double? Milliseconds(string name) => Of(name) is { Count: > 0 } list ? Median(list.Select(sample => sample.Milliseconds)) : null;

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
