using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace LlmObs.Client.Tables;

/// <summary>The span of a table's row.</summary>
internal sealed class TableSpanRow(TimeProvider time, CellWriter values, MissingValues missingValues, CultureInfo? culture) : EventRow
{
    // The service may refuse a span that took no time at all.
    private const string NoDuration = "1000000";

    private readonly ArrayBufferWriter<byte> metadata = new();
    private EventRow row = null!;
    private TablePlan plan = null!;
    private string traceId = string.Empty;
    private string spanId = string.Empty;

    public override RowPlace Place => row.Place;

    public void Load(EventRow source, TablePlan columns, string trace, string span)
    {
        (row, plan, traceId, spanId) = (source, columns, trace, span);
        metadata.ResetWrittenCount();
        if (plan.IdColumn >= 0 || plan.MetadataColumns.Count > 0)
        {
            WriteMetadata();
        }
    }

    public override Cell Get(EventField field) => field switch
    {
        EventField.TraceId => Cell.Of(traceId, traceId),
        EventField.SpanId => Cell.Of(spanId, spanId),
        EventField.Name => Placed(field) is { IsBlank: false } name ? name : Cell.Of(plan.SpanName, plan.SpanName),
        EventField.Duration => Duration(),
        EventField.Metadata => metadata.WrittenCount == 0 ? Cell.Missing : Cell.OfJson(metadata.WrittenSpan),
        EventField.Error or EventField.DatasetRecordId => Placed(field) is { IsBlank: false } given && !missingValues.Has(given, out _) ? given : Cell.Missing,
        EventField.Start when plan.ColumnOf(field) < 0 => Cell.OfTime(time.GetUtcNow()),
        _ => Placed(field),
    };

    public override EventRowException InOwnWords(EventRowException problem) => plan.InOwnWords(problem);

    public override bool IsJsonColumn(EventField field) => plan.IsJson(field);

    /// <summary>What a table's row says of itself; a row that says nothing is an error.</summary>
    public static string IdOf(EventRow row, TablePlan plan)
    {
        Cell cell = row.GetColumn(plan.IdColumn);
        return !cell.IsBlank && cell.TryGetText(out string id)
            ? id.Trim()
            : throw new EventRowException(plan.Columns[plan.IdColumn], "is blank, and it is to tell the rows apart");
    }

    private Cell Placed(EventField field) => plan.ColumnOf(field) is int column and >= 0 ? row.GetColumn(column) : Cell.Missing;

    // The row's own id goes along, so that a span can be found by it.
    private void WriteMetadata()
    {
        using var writer = new Utf8JsonWriter(metadata, JsonDefaults.WriterOptions);
        writer.WriteStartObject();
        if (plan.IdColumn >= 0)
        {
            writer.WriteString(plan.Columns[plan.IdColumn], IdOf(row, plan));
        }

        foreach (int column in plan.MetadataColumns)
        {
            Cell cell = row.GetColumn(column);
            if (column != plan.IdColumn && !cell.IsBlank)
            {
                writer.WritePropertyName(plan.Columns[column]);
                writer.WriteRawValue(values.ToJson(cell, plan.Columns[column], plan.IsJsonText(column)));
            }
        }

        writer.WriteEndObject();
    }

    private Cell Duration()
    {
        Cell cell = plan.DurationColumn < 0 ? Cell.Missing : row.GetColumn(plan.DurationColumn);
        if (cell.IsBlank || missingValues.Has(cell, out _))
        {
            return Cell.Of(NoDuration, NoDuration);
        }

        if (cell.Kind == CellKind.Duration || (cell.TryGetText(out string text) && text.Contains(':')))
        {
            return cell; // a TimeSpan brings its unit along
        }

        long unit = plan.NanosecondsPerUnit ?? throw new EventRowException(string.Empty, plan.UnitProblem);
        decimal nanoseconds = TryNumber(cell, out decimal number) && Math.Abs(number) < long.MaxValue / unit
            ? Math.Round(number * unit)
            : throw new EventRowException(plan.Columns[plan.DurationColumn], $"must be a number with a point as decimal mark, not {cell.ToString()}");
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
