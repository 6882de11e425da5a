using System.Globalization;
using System.Runtime.CompilerServices;
using CsvHelper;

namespace LlmObs.Client.Files;

/// <summary>Reads a CSV file whose header names fields of events. Cells go on as the bytes that they are in the file.</summary>
internal sealed class CsvEventReader(IEventRowSink sink, string name, EventFileOptions options)
{
    private const int LargestRecord = FreeFormJson.LargestValue; // an unclosed quote must not take the whole file for one cell

    private long malformed; // the reader does not count them as rows
    private string? lastReason;

    private string FileName => name;

    public void Read(Stream stream)
    {
        using CsvReader csv = CsvReader.Create(stream, ReaderOptions(), leaveOpen: true);
        try
        {
            csv.ReadHeader();
            if (malformed > 0)
            {
                // The reader would take the next row for the header.
                throw new EventRowException(string.Empty, $"its header can't be read: {lastReason}") { IsOfColumns = true };
            }

            if (csv.Headers.Count > 0)
            {
                ReadRows(csv, PlanOf(csv.Headers));
            }
        }
        catch (CsvFormatException e)
        {
            throw new EventRowException(string.Empty, $"the file can't be read further than line {e.LineNumber}: {e.Message}");
        }
    }

    [MethodImpl(HotPath.Compiled)]
    private void ReadRows(CsvReader csv, ColumnPlan plan)
    {
        var row = new CsvRow(csv, plan, this);
        while (csv.Read())
        {
            if (csv.FieldCount == plan.Columns.Count)
            {
                sink.Accept(row, kind: null);
                continue;
            }

            var problem = new EventRowException(string.Empty, string.Create(
                CultureInfo.InvariantCulture,
                $"it has {csv.FieldCount} cells, and the header has {plan.Columns.Count}; check for a missing quote or delimiter"));
            sink.Reject(row.Place, problem, System.Text.Encoding.UTF8.GetString(csv.RawRecord).TrimEnd('\r', '\n'));
        }
    }

    private CsvReaderOptions ReaderOptions() => new()
    {
        Separator = options.Delimiter,
        TrackLineNumbers = true,
        BufferSize = 256 * 1024,
        MaxRecordSize = LargestRecord,
        MalformedData = CsvMalformedDataHandling.Skip,
        IncludeValuesInExceptions = false,
        OnMalformedRecord = record =>
        {
            string reason = record.Reason switch
            {
                CsvMalformedReason.UnterminatedQuote => "a quote is opened and never closed, up to the end of the file",
                CsvMalformedReason.TextAfterClosingQuote => "text follows a closing quote; a quote inside a quoted cell is written twice",
                _ => "a quote stands inside a cell that does not begin with one; quote the whole cell and write the inner quote twice",
            };
            malformed++;
            lastReason = reason;
            if (record.RecordNumber <= 1)
            {
                return; // the header: an error of the file
            }

            sink.Reject(new RowPlace(name, record.RecordNumber - 1, record.LineNumber), new EventRowException(string.Empty, reason), record.RawRecord);
        },
    };

    private ColumnPlan PlanOf(IReadOnlyList<string> headers)
    {
        try
        {
            return MakePlan(headers);
        }
        catch (EventRowException problem)
        {
            throw problem.OfColumns();
        }
    }

    private ColumnPlan MakePlan(IReadOnlyList<string> headers)
    {
        if (headers is [string only] && only.AsSpan().IndexOfAny(";\t|,") is int at and >= 0)
        {
            throw new EventRowException(string.Empty, $"its header is one column, '{only}'; give the delimiter, for example -Delimiter '{only[at]}'");
        }

        if (headers.Any(header => header.Contains('\0', StringComparison.Ordinal)))
        {
            throw new EventRowException(string.Empty, "its header holds NUL characters; save the file as UTF-8, or as UTF-16 with a byte order mark");
        }

        string? missing = options.JsonColumns.FirstOrDefault(column => !headers.Contains(column, StringComparer.OrdinalIgnoreCase));
        if (missing is not null)
        {
            throw new EventRowException(string.Empty, $"it has no column '{missing}' to read as JSON; its columns are {string.Join(", ", headers)}");
        }

        var plan = new ColumnPlan(headers, options.JsonColumns, options.IsTable);
        if (!options.IsTable && !RowKind.ShowsIn(plan))
        {
            // The same for every row: one error of the file, instead of one a row.
            throw RowKind.Unseen(headers);
        }

        if (plan.UnknownColumns.Count > 0)
        {
            sink.Ignore(name, plan.UnknownColumns);
        }

        return plan;
    }

    private sealed class CsvRow(CsvReader csv, ColumnPlan plan, CsvEventReader reader) : EventRow
    {
        public override RowPlace Place => new(reader.FileName, csv.RowNumber + reader.malformed, csv.LineNumber);

        public override IReadOnlyList<string> MetaMembers => plan.MetaMembers;

        public override IReadOnlyList<string> Columns => plan.Columns;

        public override bool IsReadBack => plan.IsReadBack;

        public override IReadOnlyList<RepeatedField> Repeated => plan.Repeated;

        [MethodImpl(HotPath.Compiled)]
        public override Cell Get(EventField field)
        {
            int column = plan.ColumnOf(field);
            return column < 0 ? Cell.Missing : Cell.OfUtf8(csv.GetSpan(column));
        }

        [MethodImpl(HotPath.Compiled)]
        public override Cell GetColumn(int index) => Cell.OfUtf8(csv.GetSpan(index));

        public override Cell GetRepeated(int index) => Cell.OfUtf8(csv.GetSpan(plan.ColumnOfRepeated(index)));

        public override Cell GetMetaMember(int index) => Cell.OfUtf8(csv.GetSpan(plan.ColumnOfMetaMember(index)));

        public override bool IsJsonColumn(EventField field) => plan.IsJson(plan.ColumnOf(field));
    }
}
