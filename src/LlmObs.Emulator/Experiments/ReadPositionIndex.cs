namespace LlmObs.Emulator.Experiments;

/// <summary>
/// When an experiment's events came, and which metrics a span has. The metrics are only sorted when events are read back:
/// most experiments are only ever written and aggregated.
/// </summary>
internal sealed class ReadPositionIndex
{
    private readonly Lock _gate = new();
    private readonly List<(DateTimeOffset At, int Spans, int Metrics)> _arrivals = [];
    private readonly Dictionary<int, List<int>> _metricsOfSpan = [];
    private int _sorted;

    /// <summary>Notes that events came.</summary>
    /// <param name="at">When.</param>
    /// <param name="spans">The present number of spans.</param>
    /// <param name="metrics">The present number of metrics.</param>
    public void Arrived(DateTimeOffset at, int spans, int metrics) => _arrivals.Add((at, spans, metrics));

    /// <summary>The number of spans and metrics that had arrived by a time.</summary>
    public (int Spans, int Metrics) At(DateTimeOffset time)
    {
        int index = _arrivals.FindLastIndex(arrival => arrival.At <= time);
        return index < 0 ? (0, 0) : (_arrivals[index].Spans, _arrivals[index].Metrics);
    }

    /// <summary>The metrics of a span: places in the experiment's list of metrics, in the order of their arrival.</summary>
    /// <param name="spanId">The number of the span's id.</param>
    /// <param name="rows">The experiment's metrics.</param>
    /// <param name="events">All events.</param>
    public IReadOnlyList<int> MetricsOf(int spanId, List<int> rows, EventLog events)
    {
        // Several readers may be here at once; writers are not.
        lock (_gate)
        {
            for (; _sorted < rows.Count; _sorted++)
            {
                int owner = events.Metrics[rows[_sorted]].SpanId;
                if (!_metricsOfSpan.TryGetValue(owner, out List<int>? places))
                {
                    _metricsOfSpan[owner] = places = [];
                }

                places.Add(_sorted);
            }

            return _metricsOfSpan.TryGetValue(spanId, out List<int>? found) ? [.. found] : [];
        }
    }
}
