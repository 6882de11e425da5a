using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace LlmObs.Client.Tables;

/// <summary>Stands before another sink and makes spans and metrics of the rows of evaluation tables.</summary>
public sealed class TableSink : IEventRowSink
{
    private readonly TableMapping _mapping;
    private readonly Func<string> _experimentId;
    private readonly IEventRowSink _inner;
    private readonly TableSpanRow _span;
    private readonly TableMetrics _metrics;
    private readonly CellWriter _values;
    private readonly StableIds _ids = new();
    private readonly Dictionary<string, RowPlace> _seenIds = new(StringComparer.Ordinal);
    private readonly OrderedDictionary<string, bool> _unused = new(StringComparer.OrdinalIgnoreCase);
    private bool _hasRows; // of the present table
    private ColumnPatterns _patterns;
    private NamedColumns _named;
    private TableMap? _plan;
    private RowPlace _firstWithout;
    private EventRowException? _problemOfFirstWithout;
    private bool _toldOverfull;
    private long _withoutAny; // rows that have none of the columns, before one that has
    private string _fileName = string.Empty;
    private long _allRows;

    /// <summary>Makes a sink for one call.</summary>
    /// <param name="mapping">Which column becomes what.</param>
    /// <param name="experimentId">The experiment of the present row, which is part of the ids.</param>
    /// <param name="options">The clock, for rows without a time, and how the host's values are written.</param>
    /// <param name="inner">Takes the events.</param>
    public TableSink(TableMapping mapping, Func<string> experimentId, ClientOptions options, IEventRowSink inner)
    {
        ArgumentNullException.ThrowIfNull(mapping);
        ArgumentNullException.ThrowIfNull(options);
        (_mapping, _experimentId, _inner) = (mapping, experimentId, inner);
        CultureInfo? culture = mapping.Culture is null ? null : CultureInfo.GetCultureInfo(mapping.Culture);
        var missingValues = new MissingValues(mapping.AreMissingValuesGiven ? mapping.MissingValues : mapping.MissingValues.Concat(WrittenWords.MissingIn(culture)));
        _values = new CellWriter(new JsonAppender(), options.FreeForm);
        _span = new TableSpanRow(options.Time, _values, missingValues, culture);
        _metrics = new TableMetrics(mapping, missingValues, culture, _values, options.FreeForm, inner);
        BeginColumns();
    }

    /// <summary>The column mapping of the present table in words; null before its first row.</summary>
    public string? MappingDescription => _plan?.Describe();

    /// <summary>A file begins, with its own columns. The types of its metrics apply to the whole call.</summary>
    /// <param name="path">The file's path. Its name is part of the ids, its folder is not: that is another one on each machine.</param>
    public void BeginTable(string path)
    {
        SendHeld();
        _fileName = Path.GetFileName(path);
        BeginColumns();
        _withoutAny = 0;
    }

    [MemberNotNull(nameof(_named), nameof(_patterns))]
    private void BeginColumns()
    {
        NoteUnused();
        _plan = null;
        _patterns = new ColumnPatterns(_mapping, _values);
        _named = new NamedColumns(_mapping.Named);
        _named.Extend(_patterns.Mapping.Named, _patterns.Mapping.Beside);
    }

    private void NoteUnused()
    {
        if (_plan is not null && _hasRows)
        {
            foreach (string column in _plan.Unused)
            {
                _unused.TryAdd(column, true);
            }
        }

        _hasRows = false;
    }

    /// <summary>Looks at the first rows of a JSON file, which has no header, so that a misspelt column is noticed before a row is sent.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="EventRowException">It has few rows, and none of them has one of the columns.</exception>
    public void LookAhead(string path, EventFileOptions options) => new ColumnScout(_mapping.Named).Look(path, options);

    /// <summary>The present table has ended: metrics that were held back go on.</summary>
    /// <returns>The problem of the whole table, a column that no row had; otherwise null.</returns>
    public EventRowException? EndTable()
    {
        SendHeld();
        if (_withoutAny > 0)
        {
            RejectWithout();
            return null;
        }

        return _plan is null ? null : _named.AllSeen ? _patterns.Unmatched(_named.Columns, areAll: true) : _named.Unseen();
    }

    /// <summary>
    /// A table ends, or rows of another experiment come next: metrics that were held back until the type of their column
    /// is known go on.
    /// </summary>
    public void SendHeld() => _metrics.SendHeld();

    /// <summary>All rows were read: sends the cells that were held back, and reports columns with missing values.</summary>
    public void Complete()
    {
        SendHeld();
        NoteUnused();
        if (_span.WithoutDuration > 0 && _mapping.DurationColumn is string duration)
        {
            _inner.Warn(WarningTexts.NoDuration(duration, _span.WithoutDuration, _allRows));
        }

        _metrics.Report(_allRows);
    }

    /// <inheritdoc/>
    /// <exception cref="EventRowException">The table has no such column: no row of it can be read.</exception>
    public void SeeColumns(IReadOnlyList<string> columns)
    {
        try
        {
            _patterns.ExpandHeader(columns);
            _named.Extend(_patterns.Mapping.Named, _patterns.Mapping.Beside);
            _named.LoadHeader(columns);
            if (_patterns.Unmatched(columns, areAll: false) is EventRowException unmatched)
            {
                throw unmatched;
            }
        }
        catch (EventRowException problem)
        {
            throw problem.OfColumns();
        }

        _plan ??= PlanOf(_named.Columns);
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

        if (_named.IsBlank)
        {
            return true; // no row at all, as the empty lines of a sheet
        }

        row = _named;
        if (_patterns.Overfull is string pattern && !_toldOverfull)
        {
            _toldOverfull = true;
            _inner.Warn(WarningTexts.TooManyColumns(pattern, row.Place));
        }

        bool isFirst = _plan is null;
        if (isFirst)
        {
            _plan = PlanOf(row.Columns);
        }

        _allRows++;
        _hasRows = true;
        try
        {
            if (!isFirst && !ReferenceEquals(_plan!.Columns, row.Columns) && !_plan.Columns.SequenceEqual(row.Columns))
            {
                _plan = PlanOf(row.Columns); // its problem is that of a row of JSON, and the next may have other columns
            }

            (string traceId, string spanId) = IdsOf(row, _plan!);
            if (_mapping.IsMetricsOnly)
            {
                return _metrics.Accept(row, _plan!, _experimentId(), spanId);
            }

            _span.Load(row, _plan!, traceId, spanId);
            return _inner.Accept(_span, EventKind.Span) && _metrics.Accept(row, _plan!, _experimentId(), spanId);
        }
        catch (EventRowException problem)
        {
            _inner.Reject(row.Place, problem, text: null);
            return false;
        }
    }

    /// <inheritdoc/>
    public void Reject(RowPlace place, EventRowException problem, string? text) => _inner.Reject(place, problem, text);

    /// <inheritdoc/>
    public void Reject(RowPlace first, long count, EventRowException problem) => _inner.Reject(first, count, problem);

    /// <summary>Nothing: a table's columns are not fields of events, and unused ones are reported on request.</summary>
    /// <param name="source">The file.</param>
    /// <param name="names">The columns.</param>
    public void Ignore(string? source, IReadOnlyList<string> names)
    {
    }

    /// <inheritdoc/>
    public void Warn(string warning) => _inner.Warn(warning);

    private bool HasColumns(EventRow row)
    {
        bool any;
        try
        {
            if (_patterns.Expand(row))
            {
                _named.Extend(_patterns.Mapping.Named, _patterns.Mapping.Beside);
                _plan = null;
            }

            any = _named.Load(row);
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

        if (_withoutAny++ == 0)
        {
            (_firstWithout, _problemOfFirstWithout) = (row.Place, _named.NoneOfThem());
        }

        return false;
    }

    // A table that has none of the columns at all is one error, however many rows it has.
    private void RejectWithout()
    {
        if (_withoutAny > 0)
        {
            _inner.Reject(_firstWithout, _withoutAny, _problemOfFirstWithout!);
            _withoutAny = 0;
        }
    }

    private TableMap PlanOf(IReadOnlyList<string> columns)
    {
        try
        {
            return new TableMap(_patterns.Mapping, columns, _metrics.Types, isFirst: _plan is null);
        }
        catch (EventRowException problem) when (_plan is null)
        {
            throw problem.OfColumns();
        }
    }

    /// <summary>Columns of tables that became nothing, once all rows were read.</summary>
    public IReadOnlyList<string> UnusedColumns => [.. _unused.Keys];

    /// <summary>The number of an experiment's rows with and without a value, for each metric.</summary>
    /// <param name="experiment">The experiment's id.</param>
    /// <returns>The metrics in the order that they were met; none if no row was that experiment's.</returns>
    public IReadOnlyList<LabelCount> LabelsOf(string experiment) => _metrics.LabelsOf(experiment);

    // An id of the row's own holds wherever the row moves to, also in another file; else its content is its id.
    private (string TraceId, string SpanId) IdsOf(EventRow row, TableMap columns)
    {
        if (columns.IdColumns.Count == 0)
        {
            return IdsOfContent(row, columns);
        }

        string id = TableSpanRow.IdOf(row, columns);
        (string TraceId, string SpanId) own = StableIds.Of(_experimentId(), id);
        return _seenIds.TryAdd(own.SpanId, row.Place)
            ? own
            : throw new EventRowException(
                string.Join(", ", columns.IdColumns.Select(column => columns.Columns[column])),
                $"is '{string.Join("', '", columns.IdColumns.Select(column => TableSpanRow.IdOf(row, columns, column)))}', as in {_seenIds[own.SpanId]}; one would overwrite the other");
    }

    private (string TraceId, string SpanId) IdsOfContent(EventRow row, TableMap columns)
    {
        _ids.Begin(_experimentId(), _fileName);
        foreach (int column in columns.ByName)
        {
            try
            {
                Cell cell = row.GetColumn(column);
                if (cell.Kind == CellKind.Missing)
                {
                    continue; // the row would be the same without it
                }

                _ids.Add(columns.Columns[column], cell);
                if (cell.Kind == CellKind.Value && !cell.TryGetText(out _) && columns.IsUsed(column))
                {
                    _ids.Add(_values.ToJson(cell, columns.Columns[column]));
                }
            }
            catch (EventRowException) when (!columns.IsUsed(column))
            {
                // A property that was not requested can't be read: the others identify the row.
            }
        }

        return _ids.End();
    }
}
