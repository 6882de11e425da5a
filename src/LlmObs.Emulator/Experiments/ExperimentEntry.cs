namespace LlmObs.Emulator.Experiments;

/// <summary>An experiment and where its events are, in the order of their arrival.</summary>
internal sealed class ExperimentEntry(StoredExperiment current)
{
    private readonly Lock _sumsGate = new();
    private ExperimentSums? _sums;
    private (int Spans, int Metrics) _summed;

    public StoredExperiment Current { get; set; } = current;

    public List<int> SpanRows { get; } = [];

    public List<int> MetricRows { get; } = [];

    /// <summary>What its events come to; worked out anew where more of them have come.</summary>
    public ExperimentSums Sums(EventLog events)
    {
        // Several readers may be here at once; writers are not.
        lock (_sumsGate)
        {
            if (_sums is null || _summed != (SpanRows.Count, MetricRows.Count))
            {
                _sums = ExperimentSums.Of(this, events);
                _summed = (SpanRows.Count, MetricRows.Count);
            }

            return _sums;
        }
    }

    /// <summary>What is looked up when events are read back.</summary>
    public ReadPositionIndex Reading { get; } = new();
}
