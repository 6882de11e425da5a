using System.Text.Json;

namespace LlmObs.Client.RoundTrip;

/// <summary>
/// Turns rows that were read back into plain ones: a duplicate field is taken once, the metrics of a span become
/// separate rows, and data that can't be sent is reported.
/// </summary>
internal sealed class RoundTripRows(IEventRowSink inner, HostObjectJson freeForm)
{
    private static readonly EventField[] ReadOnlyFields = [EventField.ParentId, EventField.Measures];

    private readonly ResolvedRow _settled = new(freeForm);
    private readonly ResolvedRow _settledMetric = new(freeForm);
    private readonly JsonRow _metric = new();

    /// <summary>Accepts a row that was read back, and its metrics.</summary>
    public bool Accept(EventRow row, EventKind? kind)
    {
        byte[]? metrics;
        try
        {
            _settled.Load(row);
            TellReadOnly(row, _settled);
            metrics = MetricsOf(row);
        }
        catch (EventRowException problem)
        {
            inner.Reject(row.Place, problem, text: null);
            return false;
        }

        // A span that is not taken is given back whole: its metrics are sent with it, when it is sent again.
        if (!inner.Accept(_settled, kind))
        {
            return false;
        }

        if (metrics is not null)
        {
            AcceptMetrics(row, metrics);
        }
        else if (row is ExperimentSpanRow { Metrics: var typed })
        {
            for (int index = 0; index < typed.Count; index++)
            {
                AcceptMetric(typed[index], row);
            }
        }

        return true;
    }

    /// <summary>The metrics of a span, as JSON; null if it has none, or has them as rows.</summary>
    private byte[]? MetricsOf(EventRow row)
    {
        Cell cell = row.Get(EventField.EvalMetrics);
        if (cell.IsBlank || row is ExperimentSpanRow)
        {
            return null;
        }

        bool isText = cell.Kind is CellKind.Utf8 or CellKind.Text || (cell.Kind == CellKind.Json && cell.Utf8[0] == '"');
        if (isText && !(cell.TryGetText(out string text) && text.AsSpan().TrimStart() is ['[', ..]))
        {
            inner.Ignore(row.Place.Source, "EvalMetrics", WarningTexts.LostMetrics);
            return null;
        }

        return _settled.Json(cell, EventField.EvalMetrics);
    }

    private void AcceptMetrics(EventRow span, byte[] list)
    {
        var reader = new Utf8JsonReader(list, JsonDefaults.ReaderOptions);
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            reader.Read();
        }

        for (int number = 1; reader.TokenType is not (JsonTokenType.EndArray or JsonTokenType.None); number++)
        {
            int start = (int)reader.TokenStartIndex;
            reader.Skip();
            AcceptMetric(list.AsMemory(start..(int)reader.BytesConsumed), span, span.Place with { Metric = number });
            if (!reader.Read())
            {
                break;
            }
        }
    }

    private void AcceptMetric(ReadOnlyMemory<byte> json, EventRow span, RowPlace place)
    {
        try
        {
            if (!_metric.TryLoad(json, place))
            {
                throw new EventRowException(string.Empty, "a metric is an object");
            }
        }
        catch (EventRowException problem)
        {
            inner.Reject(place, problem, text: null);
            return;
        }

        string[] unknown = [.. _metric.UnknownNames.Where(name => !FieldNames.IsOfService(name))];
        if (unknown.Length > 0)
        {
            inner.Ignore(place.Source, unknown);
        }

        AcceptMetric(_metric, span);
    }

    private void AcceptMetric(EventRow read, EventRow span)
    {
        try
        {
            _settledMetric.Load(read, span);
            TellReadOnly(read, _settledMetric);
        }
        catch (EventRowException problem)
        {
            inner.Reject(read.Place, problem, text: null);
            return;
        }

        inner.Accept(_settledMetric, EventKind.Metric);
    }

    private void TellReadOnly(EventRow row, ResolvedRow settledRow)
    {
        foreach (EventField field in ReadOnlyFields)
        {
            if (!ResolvedRow.IsEmpty(row.Get(field)))
            {
                inner.Ignore(row.Place.Source, field.ToString(), WarningTexts.ReadOnlyField);
            }
        }

        foreach (string name in settledRow.Left)
        {
            inner.Ignore(row.Place.Source, name, WarningTexts.ReadOnlyField);
        }
    }
}

/// <summary>
/// Stands before another sink and has plain rows made of those that were read back, be they still objects or saved in a
/// file. All other rows go through as they are.
/// </summary>
/// <param name="inner">Takes the events.</param>
/// <param name="freeForm">Converts the host's objects to JSON.</param>
public sealed class RoundTripSink(IEventRowSink inner, HostObjectJson freeForm) : IEventRowSink
{
    private RoundTripRows? _rows;

    /// <inheritdoc/>
    public bool Accept(EventRow row, EventKind? kind)
    {
        ArgumentNullException.ThrowIfNull(row);
        return row.IsReadBack ? (_rows ??= new RoundTripRows(inner, freeForm)).Accept(row, kind) : inner.Accept(row, kind);
    }

    /// <inheritdoc/>
    public void Reject(RowPlace place, EventRowException problem, string? text) => inner.Reject(place, problem, text);

    /// <inheritdoc/>
    public void Ignore(string? source, IReadOnlyList<string> names) => inner.Ignore(source, names);

    /// <inheritdoc/>
    public void Ignore(string? source, string name, string why) => inner.Ignore(source, name, why);

    /// <inheritdoc/>
    public void Reject(RowPlace first, long count, EventRowException problem) => inner.Reject(first, count, problem);

    /// <inheritdoc/>
    public void Warn(string warning) => inner.Warn(warning);
}

/// <summary>A span that was read back, as a row. Its metrics are rows of their own.</summary>
/// <param name="place">Its place in its source.</param>
/// <param name="unwrap">Takes the host's wrapping off free-form values.</param>
public sealed class ExperimentSpanRow(ExperimentSpan span, RowPlace place, Func<object?, object?> unwrap) : EventRow
{
    /// <inheritdoc/>
    public override RowPlace Place => place;

    /// <inheritdoc/>
    public override bool IsReadBack => true;

    /// <summary>Its metrics.</summary>
    public IReadOnlyList<ExperimentMetricRow> Metrics =>
        [.. span.EvalMetrics.Select((metric, index) => new ExperimentMetricRow(metric, place with { Metric = index + 1 }, unwrap))];

    /// <inheritdoc/>
    public override Cell Get(EventField field) => field switch
    {
        EventField.SpanId => Of(span.SpanId),
        EventField.TraceId => Of(span.TraceId),
        EventField.ExperimentId => Of(span.ExperimentId),
        EventField.ProjectId => Of(span.ProjectId),
        EventField.DatasetId => Of(span.DatasetId),
        EventField.Name => Of(span.Name),
        EventField.Start => Of(span.StartNs),
        EventField.Duration => Of(span.DurationNs),
        EventField.Status => Of(span.Status),
        EventField.Input => Of(span.Input),
        EventField.Output => Of(span.Output),
        EventField.ExpectedOutput => Of(span.ExpectedOutput),
        EventField.Metadata => Of(span.Metadata),
        EventField.ErrorMessage => Of(span.ErrorMessage),
        EventField.ErrorType => Of(span.ErrorType),
        EventField.ErrorStack => Of(span.ErrorStack),
        EventField.Tags => span.Tags.Count == 0 ? Cell.Missing : Of(span.Tags),
        EventField.ParentId => Of(span.ParentId),
        EventField.DatasetRecordId => Of(span.DatasetRecordId),
        EventField.Measures => Of(span.Measures),
        EventField.AdditionalProperties => Of(span.AdditionalProperties),
        _ => Cell.Missing,
    };

    private Cell Of(object? value) => value is null ? Cell.Missing : Cell.Of(unwrap(value), value);
}

/// <summary>A metric that was read back, as a row.</summary>
/// <param name="place">Its place in its source.</param>
/// <param name="unwrap">Takes the host's wrapping off free-form values.</param>
public sealed class ExperimentMetricRow(ExperimentMetric metric, RowPlace place, Func<object?, object?> unwrap) : EventRow
{
    /// <inheritdoc/>
    public override RowPlace Place => place;

    /// <inheritdoc/>
    public override bool IsReadBack => true;

    /// <inheritdoc/>
    public override Cell Get(EventField field) => field switch
    {
        EventField.SpanId => Of(metric.SpanId),
        EventField.TraceId => Of(metric.TraceId),
        EventField.Label => Of(metric.Label),
        EventField.MetricType => Of(metric.MetricType),
        EventField.Timestamp => Of(metric.TimestampMs),
        EventField.ScoreValue => Of(MetricType.Score, metric.ScoreValue),
        EventField.CategoricalValue => Of(MetricType.Categorical, metric.CategoricalValue),
        EventField.BooleanValue => Of(MetricType.Boolean, metric.BooleanValue),
        EventField.JsonValue => Of(MetricType.Json, metric.JsonValue),
        EventField.Assessment => Of(metric.Assessment),
        EventField.Reasoning => Of(metric.Reasoning),
        EventField.ErrorMessage => Of(metric.ErrorMessage),
        EventField.Metadata => Of(metric.Metadata),
        EventField.Tags => metric.Tags.Count == 0 ? Cell.Missing : Of(metric.Tags),
        EventField.MetricSource => Of(metric.MetricSource ?? (metric.SpanId is "" ? "summary" : null)),
        EventField.AdditionalProperties => Of(metric.AdditionalProperties),
        _ => Cell.Missing,
    };

    // The value of its type, in case the service sent others as well.
    private Cell Of(string type, object? value) =>
        metric.MetricType is string said && said != type && MetricType.All.Contains(said) ? Cell.Missing : Of(value);

    private Cell Of(object? value) => value is null ? Cell.Missing : Cell.Of(unwrap(value), value);
}
