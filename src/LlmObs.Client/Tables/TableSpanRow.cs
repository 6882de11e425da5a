using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace LlmObs.Client.Tables;

/// <summary>The span of a table's row.</summary>
internal sealed class TableSpanRow(TimeProvider clock, CellWriter values, MissingValues missingValues, CultureInfo? culture) : EventRow
{
    // The service may refuse a span that took no time at all.
    private const string NoDuration = "1000000";

    private readonly ArrayBufferWriter<byte> _metadata = new();
    private EventRow _row = null!;
    private TableMap _plan = null!;
    private string _traceId = string.Empty;
    private string _spanId = string.Empty;

    public override RowPlace Place => _row.Place;

    public void Load(EventRow source, TableMap columns, string trace, string span)
    {
        (_row, _plan, _traceId, _spanId) = (source, columns, trace, span);
        _metadata.ResetWrittenCount();
        if (_plan.IdColumns.Count > 0 || _plan.MetadataColumns.Count > 0)
        {
            WriteMetadata();
        }
    }

    public override Cell Get(EventField field) => field switch
    {
        EventField.TraceId => Cell.Of(_traceId, _traceId),
        EventField.SpanId => Cell.Of(_spanId, _spanId),
        EventField.Name => Placed(field) is { IsBlank: false } name ? name : Cell.Of(_plan.SpanName, _plan.SpanName),
        EventField.Duration => Duration(),
        EventField.Metadata => _metadata.WrittenCount == 0 ? Cell.Missing : Cell.OfJson(_metadata.WrittenSpan),
        EventField.Error or EventField.DatasetRecordId => Placed(field) is { IsBlank: false } given && !missingValues.Has(given, out _) ? given : Cell.Missing,
        EventField.Start when Placed(field) is var given && (given.IsBlank || missingValues.Has(given, out _)) => Cell.OfTime(clock.GetUtcNow()),
        EventField.Start when culture is not null && Placed(field) is { Kind: CellKind.Utf8 or CellKind.Text or CellKind.Json } start
            && start.TryGetText(out string text) && WrittenWords.TryReadTime(text, culture, out DateTimeOffset time) => Cell.OfTime(time),
        _ => Placed(field),
    };

    public override EventRowException InOwnWords(EventRowException problem) => _plan.InOwnWords(problem);

    public override bool IsJsonColumn(EventField field) => _plan.IsJson(field);

    /// <summary>One of the texts that identify a row; a blank one is an error.</summary>
    public static string IdOf(EventRow row, TableMap plan, int column)
    {
        Cell cell = row.GetColumn(column);
        return !cell.IsBlank && cell.TryGetText(out string id)
            ? id.Trim()
            : throw new EventRowException(plan.Columns[column], "is blank, but must identify the row");
    }

    /// <summary>All of them in one: their lengths keep ("a", "bc") and ("ab", "c") apart.</summary>
    public static string IdOf(EventRow row, TableMap plan) => plan.IdColumns is [int only]
        ? IdOf(row, plan, only)
        : string.Concat(plan.IdColumns.Select(column => IdOf(row, plan, column)).Select(id => FormattableString.Invariant($"{id.Length}:{id}")));

    private Cell Placed(EventField field) =>
        _plan.ColumnOf(field) is int column and >= 0 ? _row.GetColumn(column) : _plan.MembersOf(field) is { Count: > 0 } members ? ObjectOf(members) : Cell.Missing;

    private Cell ObjectOf(IReadOnlyList<int> columns)
    {
        if (columns.All(column => _row.GetColumn(column).IsBlank))
        {
            return Cell.Missing;
        }

        var json = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(json, JsonDefaults.WriterOptions);
        writer.WriteStartObject();
        WriteMembers(writer, columns);
        writer.WriteEndObject();
        writer.Flush();
        return Cell.OfJson(json.WrittenSpan);
    }

    private void WriteMembers(Utf8JsonWriter writer, IEnumerable<int> columns)
    {
        foreach (int column in columns)
        {
            Cell cell = _row.GetColumn(column);
            if (!cell.IsBlank)
            {
                writer.WritePropertyName(_plan.Columns[column]);
                writer.WriteRawValue(values.ToJson(cell, _plan.Columns[column], _plan.IsJsonText(column)));
            }
        }
    }

    /// <summary>Rows without a duration.</summary>
    public long WithoutDuration { get; private set; }

    // The row's own id goes along, so that a span can be found by it.
    private void WriteMetadata()
    {
        using var writer = new Utf8JsonWriter(_metadata, JsonDefaults.WriterOptions);
        writer.WriteStartObject();
        foreach (int column in _plan.IdColumns)
        {
            writer.WriteString(_plan.Columns[column], IdOf(_row, _plan, column));
        }

        WriteMembers(writer, _plan.MetadataColumns.Where(column => !_plan.IdColumns.Contains(column)));
        writer.WriteEndObject();
    }

    private Cell Duration()
    {
        Cell cell = _plan.DurationColumn < 0 ? Cell.Missing : _row.GetColumn(_plan.DurationColumn);
        if (cell.IsBlank || missingValues.Has(cell, out _))
        {
            WithoutDuration++;
            return Cell.Of(NoDuration, NoDuration);
        }

        if (cell.Kind == CellKind.Duration || (cell.TryGetText(out string text) && text.Contains(':')))
        {
            return cell; // a TimeSpan brings its unit along
        }

        long unit = _plan.NanosecondsPerUnit ?? throw new EventRowException(string.Empty, _plan.UnitProblem);
        decimal nanoseconds = TryNumber(cell, out decimal number) && Math.Abs(number) < long.MaxValue / unit
            ? Math.Round(number * unit)
            : throw new EventRowException(_plan.Columns[_plan.DurationColumn], $"must be a number with a decimal point, not {cell.ToString()}");
        return Cell.Of((long)nanoseconds, null);
    }

    private bool TryNumber(in Cell cell, out decimal number)
    {
        number = 0;
        if (!cell.TryGetText(out string text))
        {
            return false;
        }

        if (culture is not null && cell.Kind is CellKind.Utf8 or CellKind.Text)
        {
            bool isRead = WrittenNumber.TryRead(text, culture, out double read) && Math.Abs(read) < long.MaxValue;
            number = isRead ? (decimal)read : 0;
            return isRead;
        }

        return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);
    }
}

/// <summary>A cell of a metric column whose type is not decided yet.</summary>
/// <param name="seen">The type that it has by itself.</param>
/// <param name="isZeroOrOne">True if it may also be true or false.</param>
/// <param name="listed">Its further data from a list of metrics; null for a cell of its own.</param>
/// <param name="spanId">The span of its row.</param>
internal sealed class HeldCell(KeptCell cell, string seen, bool isZeroOrOne, ListedMetric? listed, RowPlace place, string spanId)
{
    public string Seen => seen;

    public bool IsZeroOrOne => isZeroOrOne;

    public ListedMetric? Listed => listed;

    public RowPlace Place => place;

    public string SpanId => spanId;

    public KeptCell Kept => cell;

    public Cell Cell => Cell.Of(cell);
}
