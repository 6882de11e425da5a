using System.Runtime.CompilerServices;
using System.Text.Json;

namespace LlmObs.Client.Writing;

/// <summary>Writes rows as events, one JSON object each. It determines the kind of a row, or reports why it is neither.</summary>
internal sealed class EventWriter : IDisposable
{
    private readonly EventDefaults _defaults;
    private readonly JsonAppender _json = new();
    private readonly SpanWriter _spans;
    private readonly MetricWriter _metrics;

    /// <param name="defaults">The defaults of rows.</param>
    /// <param name="freeForm">Converts the host's objects to JSON.</param>
    /// <param name="time">The clock.</param>
    /// <param name="doubts">Receives warnings about events that the service may refuse.</param>
    /// <param name="experimentId">The experiment that the events are sent to.</param>
    /// <param name="asksForSettings">True if somebody can find a project and a dataset that the defaults lack: a span that needs them is refused as one without.</param>
    public EventWriter(
        EventDefaults defaults, HostObjectJson freeForm, TimeProvider time, EventWarnings? doubts = null, string? experimentId = null, bool asksForSettings = false)
    {
        _defaults = defaults;
        var cells = new CellWriter(_json, freeForm);
        doubts ??= new EventWarnings();
        _spans = new SpanWriter(cells, defaults, time, doubts, experimentId, asksForSettings);
        _metrics = new MetricWriter(cells, defaults, time, doubts, experimentId);
    }

    /// <summary>The kind of a row, by its fields.</summary>
    /// <exception cref="EventRowException">It could be both, or neither.</exception>
    [MethodImpl(HotPath.FullyOptimized)]
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
            (true, true) => throw new EventRowException(string.Empty, "it has fields of a span (start_ns, name) and of a metric (metric_type, label); set -As Span or -As Metric"),
            _ => throw EventKindColumns.Unseen(),
        };
    }

    /// <summary>Writes a row. If it fails, the bytes written so far stay in the buffer for the caller to remove.</summary>
    /// <exception cref="EventRowException">The row can't be sent.</exception>
    [MethodImpl(HotPath.FullyOptimized)]
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

    [MethodImpl(HotPath.FullyOptimized)]
    private static bool Has(EventRow row, EventField field) => !row.Get(field).IsBlank;
}

/// <summary>Writes a row as a span.</summary>
internal sealed class SpanWriter(CellWriter cells, EventDefaults defaults, TimeProvider time, EventWarnings doubts, string? experimentId, bool asksForSettings)
{
    private readonly TagWriter _tags = new(cells, defaults.Tags);
    private readonly MetaWriter _meta = new(cells);

    [MethodImpl(HotPath.FullyOptimized)]
    public void Write(EventRow row)
    {
        JsonAppender json = cells.Json;
        WriteIds(row);
        bool isCopy = IsOfAnother(row);
        RequiredSetting(row, EventField.ProjectId, ",\"project_id\":"u8, defaults.ProjectId, isCopy);
        RequiredSetting(row, EventField.DatasetId, ",\"dataset_id\":"u8, defaults.DatasetId, isCopy);
        cells.RequiredText(row, EventField.Name, ",\"name\":"u8);
        json.Raw(",\"start_ns\":"u8);
        long start = FieldParser.StartNs(Required(row, EventField.Start));
        json.Number(start);
        doubts.OfStart(start, time, row.Place);
        json.Raw(",\"duration\":"u8);
        json.Number(FieldParser.DurationNs(Required(row, EventField.Duration)));
        json.Raw(",\"status\":"u8);
        cells.HostText(StatusOf(row), EventField.Status);
        _tags.Write(row);
        _meta.Write(row);
        json.Byte('}');
    }

    [MethodImpl(HotPath.FullyOptimized)]
    private void WriteIds(EventRow row)
    {
        ReadOnlySpan<byte> traceName = "{\"trace_id\":"u8;
        ReadOnlySpan<byte> spanName = ",\"span_id\":"u8;
        int trace = cells.Json.Length + traceName.Length;
        cells.RequiredText(row, EventField.TraceId, traceName);
        int span = cells.Json.Length + spanName.Length;
        cells.RequiredText(row, EventField.SpanId, spanName);
        doubts.OfIds(cells.Json.From(trace)[..(span - spanName.Length - trace)], cells.Json.From(span), row.Get(EventField.SpanId), row.Place);
    }

    // A table without such a column means the same project for all rows, and it is unknown.
    [MethodImpl(HotPath.FullyOptimized)]
    private void RequiredSetting(EventRow row, EventField field, ReadOnlySpan<byte> name, string? fallback, bool isCopy)
    {
        if (isCopy && !string.IsNullOrEmpty(fallback))
        {
            cells.Json.Raw(name);
            cells.HostText(fallback, field);
            return;
        }

        if (string.IsNullOrEmpty(fallback) && (asksForSettings ? isCopy || row.Get(field).IsBlank : row.Get(field).Kind == CellKind.Missing))
        {
            throw new EventRowException(FieldNames.ApiName(field), "is missing") { IsMissingSetting = true };
        }

        cells.RequiredText(row, field, name, fallback);
    }

    /// <summary>
    /// True if the span comes from another experiment: its project and dataset are that experiment's, and are replaced with those of
    /// the experiment that it is sent to.
    /// </summary>
    [MethodImpl(HotPath.FullyOptimized)]
    private bool IsOfAnother(EventRow row)
    {
        Cell from = row.Get(EventField.ExperimentId);
        return from.Kind != CellKind.Missing && experimentId is not null && !from.IsBlank && from.TryGetText(out string id) && id.Trim() != experimentId;
    }

    [MethodImpl(HotPath.FullyOptimized)]
    private static Cell Required(EventRow row, EventField field)
    {
        Cell cell = row.Get(field);
        return cell.IsBlank ? throw FieldParser.Missing(field) : cell;
    }

    // Evaluation tables seldom have a status column: a row with an error has failed, any other has not.
    [MethodImpl(HotPath.FullyOptimized)]
    private static string StatusOf(EventRow row)
    {
        Cell status = row.Get(EventField.Status);
        if (!status.IsBlank)
        {
            return FieldParser.Word(status, EventField.Status, SpanStatus.All);
        }

        bool failed = !row.Get(EventField.Error).IsBlank || !row.Get(EventField.ErrorMessage).IsBlank || !row.Get(EventField.ErrorType).IsBlank;
        return failed ? SpanStatus.Error : SpanStatus.Ok;
    }
}

/// <summary>The defaults of rows.</summary>
public sealed record EventDefaults
{
    /// <summary>The project of spans that name none.</summary>
    public string? ProjectId { get; init; }

    /// <summary>The dataset of spans that name none.</summary>
    public string? DatasetId { get; init; }

    /// <summary>Tags for every event, in addition to its own.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The kind of all rows, if the user set it; null to determine it from their fields.</summary>
    public EventKind? Kind { get; init; }

    /// <summary>
    /// True for metrics of a run, with the data that Datadog's SDKs send beyond the documentation: the experiment's id, a status,
    /// type and stack of an error, and a metric without a value if the evaluator gave none.
    /// </summary>
    public bool AreOfRun { get; init; }
}
