using System.Globalization;

namespace LlmObs.Client.Tables;

/// <summary>Stands before another sink and makes spans and metrics of the rows of evaluation tables.</summary>
public sealed class TableSink : IEventRowSink
{
    private readonly TableMapping mapping;
    private readonly Func<string> experimentId;
    private readonly IEventRowSink inner;
    private readonly TableSpanRow span;
    private readonly TableMetricRow metric = new();
    private readonly MissingValues missingValues;
    private readonly CultureInfo? culture;
    private readonly FreeFormJson freeForm;
    private readonly CellWriter values;
    private readonly StableIds ids = new();
    private readonly Dictionary<string, TableMetricType> types = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, RowPlace> seenIds = new(StringComparer.Ordinal);
    private NamedColumns named;
    private TablePlan? plan;
    private RowPlace firstWithout;
    private long withoutAny; // rows that have none of the columns, before one that has
    private string fileName = string.Empty;
    private long allRows;

    /// <summary>Makes a sink for one call.</summary>
    /// <param name="mapping">Which column becomes what.</param>
    /// <param name="experimentId">The experiment of the present row; part of what the ids are made from.</param>
    /// <param name="options">The clock, for rows without a time, and how the host's values are written.</param>
    /// <param name="inner">Takes the events.</param>
    public TableSink(TableMapping mapping, Func<string> experimentId, ClientOptions options, IEventRowSink inner)
    {
        ArgumentNullException.ThrowIfNull(mapping);
        ArgumentNullException.ThrowIfNull(options);
        (this.mapping, this.experimentId, this.inner) = (mapping, experimentId, inner);
        missingValues = new MissingValues(mapping.MissingValues);
        culture = mapping.Culture is null ? null : CultureInfo.GetCultureInfo(mapping.Culture);
        named = new NamedColumns(mapping.Named);
        freeForm = options.FreeForm;
        values = new CellWriter(new JsonOutput(), options.FreeForm);
        span = new TableSpanRow(options.Time, values, missingValues, culture);
    }

    /// <summary>How the columns of the present table were understood, in words; null before its first row.</summary>
    public string? Understanding => plan?.Describe();

    /// <summary>A file begins: its columns are its own. The types of its metrics are those of the whole call.</summary>
    /// <param name="path">The file's path. Its name is part of the ids, its folder is not: that is another one on each machine.</param>
    public void BeginTable(string path)
    {
        SendHeld();
        fileName = Path.GetFileName(path);
        plan = null;
        named = new NamedColumns(mapping.Named);
        withoutAny = 0;
    }

    /// <summary>Looks at the first rows of a JSON file, which has no header, so that a misspelt column is noticed before a row is sent.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How it is read.</param>
    /// <exception cref="EventRowException">It has few rows, and none of them has one of the columns.</exception>
    public void LookAhead(string path, EventFileOptions options) => new ColumnScout(mapping.Named).Look(path, options);

    /// <summary>The present table has ended: metrics that were held back go on.</summary>
    /// <returns>What is wrong with it as a whole: a column that no row had; else null.</returns>
    public EventRowException? EndTable()
    {
        SendHeld();
        if (withoutAny > 0)
        {
            RejectWithout();
            return null;
        }

        return plan is null || named.AllSeen ? null : named.Unseen();
    }

    /// <summary>
    /// A table ends, or rows of another experiment come next: metrics that were held back until the type of their column
    /// is known go on.
    /// </summary>
    public void SendHeld()
    {
        foreach (TableMetricType type in types.Values)
        {
            SendHeld(type);
        }
    }

    /// <summary>All rows were read: what is held back goes on, and columns with missing values are told.</summary>
    public void Complete()
    {
        SendHeld();
        foreach (TableMetricType type in types.Values.Where(_ => allRows > 0))
        {
            long words = type.Missing.Values.Sum();
            if (words > 0)
            {
                string found = string.Join(", ", type.Missing.Select(word => string.Create(CultureInfo.InvariantCulture, $"'{word.Key}' {word.Value} times")));
                inner.Ignore(null, type.Label, string.Create(
                    CultureInfo.InvariantCulture,
                    $"has no value in {words + type.BlankCount} of {allRows} rows ({found}), and no metric is sent for them; -MissingValue says which text means that"));
            }

            if (type.ValueCount == 0)
            {
                inner.Ignore(null, type.Label + " ", "is a metric column, and no row has a value in it: no metric is sent");
            }
        }
    }

    /// <inheritdoc/>
    /// <exception cref="EventRowException">The table has no such column: no row of it can be read.</exception>
    public void SeeColumns(IReadOnlyList<string> columns)
    {
        try
        {
            named.LoadHeader(columns);
        }
        catch (EventRowException problem)
        {
            throw problem.OfColumns();
        }

        plan ??= PlanOf(named.Columns);
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

        allRows++;
        try
        {
            (string traceId, string spanId) = IdsOf(row, plan);
            if (mapping.IsMetricsOnly)
            {
                return AcceptMetrics(row, plan, spanId);
            }

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
                if (!cell.IsBlank && MetricList.TryRead(cell, column.Label, freeForm) is IReadOnlyList<ListedMetric> list)
                {
                    column.Type.CountValue();
                    foreach (ListedMetric one in list)
                    {
                        Cell value = one.Value.IsEmpty ? Cell.Missing : Cell.OfJson(one.Value.Span);
                        all &= Accept(row, TypeOf(one.Label), value, column.Column, one, spanId);
                    }
                }
                else
                {
                    all &= Accept(row, column.Type, cell, column.Column, null, spanId);
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

    // One metric: sent, held back until its type is known, counted as missing, or refused.
    private bool Accept(EventRow row, TableMetricType type, in Cell cell, int column, ListedMetric? listed, string spanId)
    {
        if (cell.IsBlank)
        {
            type.CountMissing(string.Empty);
            return true;
        }

        if (IsMissing(type, cell, out string word))
        {
            type.CountMissing(word);
            return true;
        }

        type.CountValue();
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
                metric.Load(row, column, type.Label, checkedType, spanId);
            }
            else
            {
                metric.Load(value.Keep(), type.Label, listed, row.Place, checkedType, spanId);
            }

            return inner.Accept(metric, EventKind.Metric);
        }
        catch (EventRowException problem)
        {
            inner.Reject(row.Place, problem, text: null);
            return false;
        }
    }

    private bool IsMissing(TableMetricType type, in Cell cell, out string word)
    {
        word = string.Empty;
        return (!type.IsAnyText || mapping.AreMissingValuesGiven) && missingValues.Has(cell, out word);
    }

    private TableMetricType TypeOf(string label)
    {
        if (!types.TryGetValue(label, out TableMetricType? type))
        {
            string? given = mapping.MetricTypes.FirstOrDefault(one => string.Equals(one.Key, label, StringComparison.OrdinalIgnoreCase)).Value;
            types.Add(label, type = new TableMetricType(label, given, culture));
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
                metric.Load(held.Kept, column.Label, held.Listed, held.Place, type, held.SpanId);
                inner.Accept(metric, EventKind.Metric);
            }
            catch (EventRowException problem)
            {
                inner.Reject(held.Place, problem, held.Cell.TryGetText(out string text) ? text : null);
            }
        }
    }

    // An id of the row's own holds wherever the row moves to, also in another file; else its content is its id.
    private (string TraceId, string SpanId) IdsOf(EventRow row, TablePlan columns)
    {
        if (columns.IdColumn < 0)
        {
            return IdsOfContent(row, columns);
        }

        string id = TableSpanRow.IdOf(row, columns);
        (string TraceId, string SpanId) own = StableIds.Of(experimentId(), id);
        return seenIds.TryAdd(own.SpanId, row.Place)
            ? own
            : throw new EventRowException(columns.Columns[columns.IdColumn], $"is '{id}', as in {seenIds[own.SpanId]}; one would overwrite the other");
    }

    private (string TraceId, string SpanId) IdsOfContent(EventRow row, TablePlan columns)
    {
        ids.Begin(experimentId(), fileName);
        foreach (int column in columns.ByName)
        {
            try
            {
                Cell cell = row.GetColumn(column);
                if (cell.Kind == CellKind.Missing)
                {
                    continue; // the row would be the same without it
                }

                ids.Add(columns.Columns[column], cell);
                if (cell.Kind == CellKind.Value && !cell.TryGetText(out _) && columns.IsUsed(column))
                {
                    ids.Add(values.ToJson(cell, columns.Columns[column]));
                }
            }
            catch (EventRowException) when (!columns.IsUsed(column))
            {
                // A property that nobody asked for can't be read: the others tell the row apart.
            }
        }

        return ids.End();
    }
}
