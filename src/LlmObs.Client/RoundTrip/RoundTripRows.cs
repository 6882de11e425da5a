using System.Text.Json;

namespace LlmObs.Client.RoundTrip;

/// <summary>
/// Makes plain rows of those that were read back: a field that is given twice is taken once, the metrics of a span become
/// rows of their own, and what can't be sent is said.
/// </summary>
internal sealed class RoundTripRows(IEventRowSink inner, HostObjectJson freeForm)
{
    private static readonly EventField[] ReadOnlyFields = [EventField.ParentId, EventField.Measures];

    private readonly ResolvedRow _settled = new(freeForm);
    private readonly ResolvedRow _settledMetric = new(freeForm);
    private readonly JsonRow _metric = new();

    /// <summary>Takes a row that was read back, and its metrics.</summary>
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

    /// <summary>The metrics of a span, as JSON; null where it has none, or has them as rows.</summary>
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
