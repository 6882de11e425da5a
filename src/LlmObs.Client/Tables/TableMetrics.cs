using System.Globalization;
using System.Runtime.InteropServices;

namespace LlmObs.Client.Tables;

/// <summary>Makes metrics of the cells of evaluation tables: each column has one type in the whole call.</summary>
internal sealed class TableMetrics(
    TableMapping mapping, MissingValues missingValues, CultureInfo? culture, CellWriter values, HostObjectJson freeForm, IEventRowSink inner)
{
    private readonly TableMetricRow _metric = new();
    private readonly Dictionary<string, LabelCounts> _counts = new(StringComparer.Ordinal); // by experiment
    private LabelCounts? _current;
    private bool _hasRows;

    /// <summary>The types of the metrics so far, by label.</summary>
    public Dictionary<string, TableMetricType> Types { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The number of an experiment's rows with and without a value, for each metric.</summary>
    public IReadOnlyList<LabelCount> LabelsOf(string experiment) => _counts.TryGetValue(experiment, out LabelCounts? found) ? found.ToList() : [];

    /// <summary>Metrics that were held back until the type of their column is known go on.</summary>
    public void SendHeld()
    {
        foreach (TableMetricType type in Types.Values)
        {
            SendHeld(type);
        }
    }

    /// <summary>All rows were read: reports columns with missing values.</summary>
    /// <param name="allRows">The number of rows.</param>
    public void Report(long allRows)
    {
        foreach (TableMetricType type in Types.Values.Where(_ => allRows > 0))
        {
            long words = type.Missing.Values.Sum();
            if (words > 0)
            {
                inner.Ignore(null, type.Label, WarningTexts.MissingValues(words + type.BlankCount, allRows, type.Missing));
            }

            // If no row got here, all of them were refused, and the errors have the reason.
            if (_hasRows && type is { ValueCount: 0, ErrorCount: 0 })
            {
                inner.Warn(WarningTexts.EmptyMetricColumn(type.Label));
            }
        }
    }

    /// <summary>Makes the metrics of a row.</summary>
    /// <param name="columns">Which of its columns are metrics.</param>
    /// <param name="experiment">The row's experiment.</param>
    /// <param name="spanId">The row's span.</param>
    /// <returns>True if all of them are sent, held back or missing.</returns>
    public bool Accept(EventRow row, TableMap columns, string experiment, string spanId)
    {
        bool all = true;
        if (_current?.Experiment != experiment)
        {
            _current = CollectionsMarshal.GetValueRefOrAddDefault(_counts, experiment, out _) ??= new LabelCounts(experiment);
        }

        _hasRows = true;
        _current.CountRow(columns.Metrics);
        foreach (TableMetric column in columns.Metrics)
        {
            try
            {
                Cell cell = row.GetColumn(column.Column);
                if (!cell.IsBlank && MetricList.TryRead(cell, column.Label, freeForm) is IReadOnlyList<ListedMetric> list)
                {
                    column.Type.CountValue();
                    _current!.CountList(column.Label);
                    foreach (ListedMetric one in list)
                    {
                        Cell value = one.Value.IsEmpty ? Cell.Missing : Cell.OfJson(one.Value.Span);
                        all &= Accept(row, TypeOf(one.Label), value, column.Column, one, spanId);
                    }
                }
                else
                {
                    all &= Accept(row, column.Type, cell, column.Column, cell.IsBlank ? null : Beside(row, column), spanId);
                }
            }
            catch (EventRowException problem)
            {
                inner.Reject(row.Place, problem, text: null);
                all = false;
            }
        }

        return all;
    }

    // The metric's data in other columns.
    private ListedMetric? Beside(EventRow row, TableMetric metric)
    {
        if (metric.Reasoning < 0 && metric.Assessment < 0)
        {
            return null;
        }

        Cell reasoning = metric.Reasoning < 0 ? Cell.Missing : row.GetColumn(metric.Reasoning);
        return new ListedMetric(
            metric.Label,
            default,
            metric.Assessment < 0 ? default : AssessmentOf(row.GetColumn(metric.Assessment), row.Columns[metric.Assessment]),
            reasoning.IsBlank || missingValues.Has(reasoning, out _) ? default : values.ToJson(reasoning, row.Columns[metric.Reasoning], textIsJson: false));
    }

    private byte[] AssessmentOf(in Cell cell, string column)
    {
        if (cell.IsBlank || missingValues.Has(cell, out _))
        {
            return [];
        }

        return cell.TryGetText(out string text)
            ? text.Trim().ToLowerInvariant() switch
            {
                "pass" or "passed" or "true" or "1" => "\"pass\""u8.ToArray(),
                "fail" or "failed" or "false" or "0" => "\"fail\""u8.ToArray(),
                _ when culture is not null && WrittenWords.TryReadBoolean(text, culture, out bool passed) => passed ? "\"pass\""u8.ToArray() : "\"fail\""u8.ToArray(),
                _ => throw new EventRowException(column, $"is {cell.ToString()}, but an assessment is pass or fail, true or false"),
            }
            : throw new EventRowException(column, $"is {cell.ToString()}, but an assessment is pass or fail, true or false");
    }

    // One metric: sent, held back until its type is known, counted as missing, or refused.
    private bool Accept(EventRow row, TableMetricType type, in Cell cell, int column, ListedMetric? listed, string spanId)
    {
        if (cell.IsBlank)
        {
            type.CountMissing(string.Empty);
            return listed is not { Error.IsEmpty: false } failed || AcceptError(type, failed, row.Place, spanId);
        }

        if (IsMissing(type, cell, out string word))
        {
            type.CountMissing(word);
            return true;
        }

        type.CountValue();
        _current!.CountValue(type.Label);
        try
        {
            Cell value = type.Read(cell, out string seen);
            if (type.IsOpen)
            {
                if (type.Hold(value, seen, listed, row.Place, spanId))
                {
                    SendHeld(type);
                }

                return true;
            }

            string checkedType = type.Check(value, seen);
            if (listed is null && cell.Kind == value.Kind)
            {
                _metric.Load(row, column, type.Label, checkedType, spanId);
            }
            else
            {
                _metric.Load(value.Keep(), type.Label, listed, row.Place, checkedType, spanId);
            }

            return inner.Accept(_metric, EventKind.Metric);
        }
        catch (EventRowException problem)
        {
            inner.Reject(row.Place, problem, text: null);
            return false;
        }
    }

    // A metric without a value has the type of the others with its label.
    private bool AcceptError(TableMetricType type, ListedMetric failed, RowPlace place, string spanId)
    {
        type.HoldError(failed, place, spanId);
        return type.IsOpen || SendErrors(type);
    }

    private bool SendErrors(TableMetricType type)
    {
        bool all = true;
        foreach (HeldCell held in type.TakeErrors())
        {
            _metric.Load(held.Kept, type.Label, held.Listed, held.Place, type.Type ?? MetricType.Score, held.SpanId);
            all &= inner.Accept(_metric, EventKind.Metric);
        }

        return all;
    }

    private bool IsMissing(TableMetricType type, in Cell cell, out string word)
    {
        word = string.Empty;
        return (!type.IsAnyText || mapping.AreMissingValuesGiven) && missingValues.Has(cell, out word);
    }

    private TableMetricType TypeOf(string label)
    {
        if (!Types.TryGetValue(label, out TableMetricType? type))
        {
            string? given = mapping.MetricTypes.FirstOrDefault(one => string.Equals(one.Key, label, StringComparison.OrdinalIgnoreCase)).Value;
            Types.Add(label, type = new TableMetricType(label, given, culture));
        }

        return type;
    }

    private void SendHeld(TableMetricType column)
    {
        foreach (HeldCell held in column.Decide())
        {
            try
            {
                string type = column.Check(held.Cell, held.Seen);
                _metric.Load(held.Kept, column.Label, held.Listed, held.Place, type, held.SpanId);
                inner.Accept(_metric, EventKind.Metric);
            }
            catch (EventRowException problem)
            {
                inner.Reject(held.Place, problem, held.Cell.TryGetText(out string text) ? text : null);
            }
        }

        SendErrors(column);
    }
}
