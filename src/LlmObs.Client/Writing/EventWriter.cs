using System.Runtime.CompilerServices;

namespace LlmObs.Client.Writing;

/// <summary>Writes rows as events, one JSON object each. It sees what a row is, and says what keeps it from being one.</summary>
internal sealed class EventWriter : IDisposable
{
    private readonly EventDefaults _defaults;
    private readonly JsonAppender _json = new();
    private readonly SpanWriter _spans;
    private readonly MetricWriter _metrics;

    /// <param name="defaults">What rows need not say themselves.</param>
    /// <param name="freeForm">How the host's objects become JSON.</param>
    /// <param name="time">The clock.</param>
    /// <param name="doubts">Takes what the service may refuse.</param>
    /// <param name="experimentId">The experiment that the events are sent to.</param>
    /// <param name="asksForSettings">Whether somebody can find a project and a dataset that the defaults lack: a span that needs them is refused as one without.</param>
    public EventWriter(
        EventDefaults defaults, HostObjectJson freeForm, TimeProvider time, EventWarnings? doubts = null, string? experimentId = null, bool asksForSettings = false)
    {
        _defaults = defaults;
        var cells = new CellWriter(_json, freeForm);
        doubts ??= new EventWarnings();
        _spans = new SpanWriter(cells, defaults, time, doubts, experimentId, asksForSettings);
        _metrics = new MetricWriter(cells, defaults, time, doubts, experimentId);
    }

    /// <summary>What a row is, by its fields.</summary>
    /// <exception cref="EventRowException">It could be both, or neither.</exception>
    [MethodImpl(HotPath.Compiled)]
    public EventKind KindOf(EventRow row)
    {
        if (_defaults.Kind is EventKind said)
        {
            return said;
        }

        bool metric = Has(row, EventField.MetricType) || Has(row, EventField.Label);
        bool span = Has(row, EventField.Start) || Has(row, EventField.Name) || (Has(row, EventField.TraceId) && !metric);
        return (span, metric) switch
        {
            (true, false) => EventKind.Span,
            (false, true) => EventKind.Metric,
            (true, true) => throw new EventRowException(string.Empty, "it has fields of a span (start_ns, name) and of a metric (metric_type, label); say which it is with -As Span or -As Metric"),
            _ => throw EventKindColumns.Unseen(),
        };
    }

    /// <summary>Writes a row. Where it fails, what it wrote so far is left in the buffer for the caller to take back.</summary>
    /// <exception cref="EventRowException">The row can't be sent.</exception>
    [MethodImpl(HotPath.Compiled)]
    public void Write(EventRow row, EventKind kind, PooledBuffer buffer)
    {
        _json.Begin(buffer);
        if (kind == EventKind.Span)
        {
            _spans.Write(row);
        }
        else
        {
            _metrics.Write(row);
        }
    }

    public void Dispose() => _json.Dispose();

    [MethodImpl(HotPath.Compiled)]
    private static bool Has(EventRow row, EventField field) => !row.Get(field).IsBlank;
}
