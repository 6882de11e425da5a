namespace LlmObs.Emulator.Experiments;

/// <summary>An experiment and where its events are, in the order of their arrival.</summary>
internal sealed class ExperimentEntry(StoredExperiment current)
{
    public StoredExperiment Current { get; set; } = current;

    public List<int> SpanRows { get; } = [];

    public List<int> MetricRows { get; } = [];

    /// <summary>What is looked up when events are read back.</summary>
    public ReadingIndex Reading { get; } = new();
}
