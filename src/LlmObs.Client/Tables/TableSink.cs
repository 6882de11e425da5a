using System.Globalization;

namespace LlmObs.Client.Tables;

/// <summary>Stands before another sink and makes spans and metrics of the rows of evaluation tables.</summary>
/// <param name="mapping">Which column becomes what.</param>
/// <param name="experimentId">The experiment of the present row; part of what the ids are made from.</param>
/// <param name="time">The clock, for rows without a time.</param>
/// <param name="inner">Takes the events.</param>
public sealed class TableSink(TableMapping mapping, Func<string> experimentId, TimeProvider time, IEventRowSink inner) : IEventRowSink
{
    private readonly TableSpanRow span = new(time);
    private readonly TableMetricRow metric = new();
    private readonly Dictionary<string, TableMetricType> types = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> seenIds = new(StringComparer.Ordinal);
    private TablePlan? plan;
    private string source = string.Empty;

    /// <summary>How the columns of the present table were understood, in words; null before its first row.</summary>
    public string? Understanding => plan?.Describe();

    /// <summary>A new table begins: its columns and their types are its own.</summary>
    /// <param name="name">What tells its rows apart from those of other tables: the file's name; empty for the pipeline.</param>
    public void BeginTable(string name)
    {
        source = name;
        plan = null;
        types.Clear();
    }

    /// <inheritdoc/>
    /// <exception cref="EventRowException">The table has no such column: no row of it can be read.</exception>
    public bool Accept(EventRow row, EventKind? kind)
    {
        ArgumentNullException.ThrowIfNull(row);
        if (plan is null || (!ReferenceEquals(plan.Columns, row.Columns) && !plan.Columns.SequenceEqual(row.Columns)))
        {
            plan = PlanOf(row.Columns);
        }

        try
        {
            (string traceId, string spanId) = IdsOf(row, plan);
            span.Load(row, plan, traceId, spanId);
            return inner.Accept(span, EventKind.Span) && AcceptMetrics(row, plan, spanId);
        }
        catch (EventRowException problem)
        {
            inner.Reject(row.Place, problem, text: null);
            return false;
        }
    }

    /// <inheritdoc/>
    public void Reject(RowPlace place, EventRowException problem, string? text) => inner.Reject(place, problem, text);

    /// <summary>Nothing: a table's columns are no fields of events, and those that become nothing are told on request.</summary>
    /// <param name="source">The file.</param>
    /// <param name="names">The columns.</param>
    public void Ignore(string? source, IReadOnlyList<string> names)
    {
    }

    /// <inheritdoc/>
    public void Warn(string warning) => inner.Warn(warning);

    private TablePlan PlanOf(IReadOnlyList<string> columns)
    {
        try
        {
            return new TablePlan(mapping, columns, types, isFirst: plan is null);
        }
        catch (EventRowException problem) when (plan is null)
        {
            throw problem.OfColumns();
        }
    }

    private bool AcceptMetrics(EventRow row, TablePlan columns, string spanId)
    {
        bool all = true;
        foreach (TableMetric column in columns.Metrics)
        {
            Cell cell = row.GetColumn(column.Column);
            if (cell.IsBlank)
            {
                continue;
            }

            try
            {
                metric.Load(row, column, column.Type.For(cell, row.Place), spanId);
                all &= inner.Accept(metric, EventKind.Metric);
            }
            catch (EventRowException problem)
            {
                inner.Reject(row.Place, problem, text: null);
                all = false;
            }
        }

        return all;
    }

    // An id of the row's own holds wherever the row moves to, also in another file; else its place in its file is its id.
    private (string TraceId, string SpanId) IdsOf(EventRow row, TablePlan columns)
    {
        if (columns.IdColumn < 0)
        {
            return StableIds.Of(experimentId(), source, row.Place.Row.ToString(CultureInfo.InvariantCulture));
        }

        string id = TableSpanRow.IdOf(row, columns);
        (string TraceId, string SpanId) ids = StableIds.Of(experimentId(), string.Empty, id);
        return seenIds.Add(ids.SpanId)
            ? ids
            : throw new EventRowException(columns.Columns[columns.IdColumn], $"is '{id}', as in a row before; one would overwrite the other");
    }
}
