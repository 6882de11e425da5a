using System.Globalization;

namespace LlmObs.Client.Tables;

/// <summary>Stands before another sink and makes spans and metrics of the rows of evaluation tables.</summary>
/// <param name="mapping">Which column becomes what.</param>
/// <param name="experimentId">The experiment of the present row; part of what the ids are made from.</param>
/// <param name="time">The clock, for rows without a time.</param>
/// <param name="inner">Takes the events.</param>
/// <param name="freeForm">How the host's values become JSON.</param>
public sealed class TableSink(TableMapping mapping, Func<string> experimentId, TimeProvider time, IEventRowSink inner, FreeFormJson? freeForm = null) : IEventRowSink
{
    private readonly TableSpanRow span = new(time);
    private readonly TableMetricRow metric = new();
    private readonly ListedMetricRow listed = new();
    private readonly Dictionary<string, TableMetricType> types = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> seenIds = new(StringComparer.Ordinal);
    private NamedColumns named = new(mapping.Named);
    private TablePlan? plan;
    private RowPlace firstWithout;
    private long withoutAny; // rows that have none of the columns, before one that has
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
        named = new NamedColumns(mapping.Named);
        withoutAny = 0;
    }

    /// <summary>Looks at the first rows of a JSON file, which has no header, so that a misspelt column is noticed before a row is sent.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How it is read.</param>
    /// <exception cref="EventRowException">It has few rows, and none of them has one of the columns.</exception>
    public void LookAhead(string path, EventFileOptions options) => new ColumnScout(mapping.Named).Look(path, options);

    /// <summary>The present table has ended.</summary>
    /// <returns>What is wrong with it as a whole: a column that no row had; else null.</returns>
    public EventRowException? EndTable()
    {
        if (withoutAny > 0)
        {
            RejectWithout();
            return null;
        }

        return plan is null || named.AllSeen ? null : named.Unseen();
    }

    /// <inheritdoc/>
    /// <exception cref="EventRowException">The table has no such column: no row of it can be read.</exception>
    public bool Accept(EventRow row, EventKind? kind)
    {
        ArgumentNullException.ThrowIfNull(row);
        if (!HasColumns(row))
        {
            return false;
        }

        if (named.IsBlank)
        {
            return true; // no row at all, as the empty lines of a sheet
        }

        row = named;
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

    /// <inheritdoc/>
    public void Reject(RowPlace first, long count, EventRowException problem) => inner.Reject(first, count, problem);

    /// <summary>Nothing: a table's columns are no fields of events, and those that become nothing are told on request.</summary>
    /// <param name="source">The file.</param>
    /// <param name="names">The columns.</param>
    public void Ignore(string? source, IReadOnlyList<string> names)
    {
    }

    /// <inheritdoc/>
    public void Warn(string warning) => inner.Warn(warning);

    private bool HasColumns(EventRow row)
    {
        bool any;
        try
        {
            any = named.Load(row);
        }
        catch (EventRowException problem) when (row.HasHeader)
        {
            throw problem.OfColumns();
        }

        if (any)
        {
            RejectWithout();
            return true;
        }

        firstWithout = withoutAny++ == 0 ? row.Place : firstWithout;
        return false;
    }

    // A table that has none of the columns at all is one error, however many rows it has.
    private void RejectWithout()
    {
        if (withoutAny > 0)
        {
            inner.Reject(firstWithout, withoutAny, named.NoneOfThem());
            withoutAny = 0;
        }
    }

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
            try
            {
                Cell cell = row.GetColumn(column.Column);
                if (cell.IsBlank)
                {
                    continue;
                }

                if (MetricList.TryRead(cell, column.Label, freeForm) is IReadOnlyList<ListedMetric> list)
                {
                    all &= AcceptListed(row, list, spanId);
                    continue;
                }

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

    private bool AcceptListed(EventRow row, IReadOnlyList<ListedMetric> list, string spanId)
    {
        bool all = true;
        foreach (ListedMetric one in list)
        {
            try
            {
                Cell value = one.Value.IsEmpty ? Cell.Missing : Cell.OfJson(one.Value.Span);
                if (!value.IsBlank)
                {
                    TableMetricType type = TypeOf(one.Label);
                    listed.Load(row, one, type.For(value, row.Place), spanId);
                    all &= inner.Accept(listed, EventKind.Metric);
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

    private TableMetricType TypeOf(string label)
    {
        if (!types.TryGetValue(label, out TableMetricType? type))
        {
            string? given = mapping.MetricTypes.FirstOrDefault(one => string.Equals(one.Key, label, StringComparison.OrdinalIgnoreCase)).Value;
            types.Add(label, type = new TableMetricType(label, given));
        }

        return type;
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
