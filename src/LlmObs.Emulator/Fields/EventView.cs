namespace LlmObs.Emulator.Fields;

/// <summary>
/// One event of the index <c>experiment-evals</c>: a metric, joined with its span and its experiment. The view is moved
/// from event to event, so that going through a million of them makes no garbage.
/// </summary>
internal sealed class EventView(ExperimentRegistry experiments, EventLog events)
{
    private StoredMetric _metric;
    private int? _spanRow;
    private bool _spanSought;

    public ref readonly StoredMetric Metric => ref _metric;

    public StoredExperiment Experiment => experiments[_metric.Experiment].Current;

    public string Label => events.Text(_metric.Label);

    public string SpanId => events.Text(_metric.SpanId);

    public string? Category => _metric.Category == StoredMetric.NoCategory ? null : events.Text(_metric.Category);

    /// <summary>The JSON text of the metric.</summary>
    public ReadOnlySpan<byte> MetricJson => _metric.Json.Span;

    /// <summary>The JSON text of the span; empty if there is none.</summary>
    public ReadOnlySpan<byte> SpanJson => FindSpan() is { } row ? events.Spans[row].Json.Span : default;

    /// <summary>The tags that the requests of the metric and of its span gave all their events.</summary>
    public IEnumerable<string> RequestTags => FindSpan() is { } row
        ? events.RequestTags(_metric.Body).Concat(events.RequestTags(events.Spans[row].Body))
        : events.RequestTags(_metric.Body);

    public void MoveTo(in StoredMetric metric)
    {
        _metric = metric;
        _spanSought = false;
    }

    public bool TryGetSpan(out StoredSpan span)
    {
        int? row = FindSpan();
        span = row is { } found ? events.Spans[found] : default;
        return row is not null;
    }

    public string SpanName(in StoredSpan span) => events.Text(span.Name);

    private int? FindSpan()
    {
        if (!_spanSought)
        {
            _spanRow = events.FindSpan(in _metric);
            _spanSought = true;
        }

        return _spanRow;
    }
}
