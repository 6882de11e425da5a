namespace LlmObs.Bench.Measuring;

/// <summary>All that was measured.</summary>
internal sealed class Results
{
    private readonly Dictionary<string, List<Sample>> _samples = [];
    private readonly List<MemoryResult> _memory = [];

    public IReadOnlyList<MemoryResult> Memory => _memory;

    public EmulatorResult? Emulator { get; set; }

    public List<RecordMemory> Records { get; } = [];

    public ErrorCount? OldMetricErrors { get; set; }

    public Change? Change { get; set; }

    public FilesResult? FewFiles { get; set; }

    public FilesResult? ManyFiles { get; set; }

    public void Add(string name, Sample sample)
    {
        if (!_samples.TryGetValue(name, out List<Sample>? list))
        {
            _samples.Add(name, list = []);
        }

        list.Add(sample);
    }

    public void Add(string name, double milliseconds) => Add(name, new Sample(milliseconds, 0, 0, null));

    public void AddMemory(MemoryResult result) => _memory.Add(result);

    public IReadOnlyList<Sample> Of(string name) => _samples.TryGetValue(name, out List<Sample>? list) ? list : [];

    /// <summary>The median time; null if it was not measured.</summary>
    public double? Milliseconds(string name) => Of(name) is { Count: > 0 } list ? Median(list.Select(sample => sample.Milliseconds)) : null;

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
