using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using CsvHelper;

namespace LlmObs.Client.Files;

/// <summary>Reads a CSV file whose header names fields of events. Cells go on as the bytes that they are in the file.</summary>
internal sealed class CsvEventReader(IEventRowSink sink, string name, EventFileOptions options)
{
    private const int LargestRecord = HostObjectJson.LargestValue; // an unclosed quote must not take the whole file for one cell
    private const string OtherDelimiters = ";\t|,";
    private const string StrayQuote = "a quote is inside a cell that does not begin with one; quote the whole cell and write the inner quote twice";

    private readonly Queue<CsvMalformedRecord> _malformed = new(); // those that the reader met, and this one has not come to
    private long _row; // as people count: lines without a cell are none
    private long _shortRows;
    private RowPlace _firstShort;

    public void Read(Stream stream)
    {
        using CsvReader csv = CsvReader.Create(stream, ReaderOptions(), leaveOpen: true);
        try
        {
            IReadOnlyList<string> header = ReadHeader(csv);
            if (header.Count > 0)
            {
                ReadRows(csv, PlanOf([.. header.Select(column => options.IsTable ? ColumnName.Of(column) : column.Trim(' ', '\t'))]));
            }
        }
        catch (CsvFormatException e)
        {
            throw new EventRowException(string.Empty, $"the file can't be read further than line {e.LineNumber}: {e.Message}");
        }
        finally
        {
            TellShortRows();
        }
    }

    /// <summary>The header of a file whose beginning is known, for completion.</summary>
    public static IReadOnlyList<string> HeaderOf(string beginning, char delimiter)
    {
        using var text = new MemoryStream(Encoding.UTF8.GetBytes(beginning));
        using CsvReader csv = CsvReader.Create(text, new CsvReaderOptions { Separator = delimiter, MalformedData = CsvMalformedDataHandling.Recover });
        try
        {
            FindHeader(csv);
            return [.. csv.Headers.Select(ColumnName.Of)];
        }
        catch (CsvFormatException)
        {
            return [];
        }
    }

    private static void FindHeader(CsvReader csv)
    {
        csv.ReadHeader();
        if (csv.Headers is [string first, ..] && IsNoHeader(first) && csv.Read())
        {
            csv.ReadHeader();
        }
    }

    private IReadOnlyList<string> ReadHeader(CsvReader csv)
    {
        FindHeader(csv);
        if (_malformed.Count == 0 || _malformed.Peek().RecordNumber > csv.RowNumber + 1)
        {
            return csv.Headers;
        }

        CsvMalformedRecord record = _malformed.Dequeue();
        if (!record.RawRecord.Contains(options.Delimiter, StringComparison.Ordinal) && record.RawRecord.AsSpan().IndexOfAny(OtherDelimiters) is int at and >= 0)
        {
            throw new EventRowException(string.Empty, $"its header has no '{options.Delimiter}'; give the delimiter, for example -Delimiter '{record.RawRecord[at]}'") { IsOfColumns = true };
        }

        using CsvReader? trimming = Trim(record, out string? reason);
        return trimming is not null && record.Reason != CsvMalformedReason.StrayQuote | csv.Headers.Any(name => name.TrimStart(' ', '\t').StartsWith('"'))
            ? [.. Enumerable.Range(0, trimming.FieldCount).Select(trimming.GetString)]
            : throw new EventRowException(string.Empty, $"its header can't be read: {reason ?? StrayQuote}") { IsOfColumns = true };
    }

    // Export-Csv of Windows PowerShell writes the rows' type before the header, and Excel the delimiter.
    private static bool IsNoHeader(string first) =>
        first.StartsWith("#TYPE ", StringComparison.OrdinalIgnoreCase) || string.Equals(first, "sep=", StringComparison.OrdinalIgnoreCase);

    [MethodImpl(HotPath.FullyOptimized)]
    private void ReadRows(CsvReader csv, ColumnMap plan)
    {
        var current = new CsvRow(plan);
        while (csv.Read())
        {
            bool isMalformed = _malformed.Count > 0 && _malformed.Peek().RecordNumber <= csv.RowNumber + 1;
            if (!isMalformed && IsBlank(csv, 0))
            {
                continue;
            }

            _row++;
            current.Load(csv, new RowPlace(name, _row, csv.LineNumber));
            if (!isMalformed && csv.FieldCount == plan.Columns.Count)
            {
                sink.Accept(current, kind: null);
            }
            else if (isMalformed)
            {
                ReadMalformed(plan, current, _malformed.Dequeue());
            }
            else
            {
                ReadRagged(csv, plan, current, Encoding.UTF8.GetString(csv.RawRecord));
            }
        }
    }

    /// <summary>A record whose number of cells is not the header's: as Import-Csv, it lacks the last ones, and they are blank.</summary>
    private void ReadRagged(CsvReader csv, ColumnMap plan, CsvRow current, string text)
    {
        if (csv.FieldCount > plan.Columns.Count && !IsBlank(csv, plan.Columns.Count))
        {
            // What no column is for would be lost.
            sink.Reject(current.Place, new EventRowException(string.Empty, string.Create(
                CultureInfo.InvariantCulture,
                $"it has {csv.FieldCount} cells, and the header has {plan.Columns.Count}; check for a missing quote or delimiter")), text);
            return;
        }

        if (csv.FieldCount < plan.Columns.Count)
        {
            _shortRows++;
            _firstShort = _shortRows == 1 ? current.Place : _firstShort;
        }

        sink.Accept(current, kind: null);
    }

    /// <summary>A record with stray quotes: blanks beside quotes are ignored, and a single one is text, as for Import-Csv.</summary>
    private void ReadMalformed(ColumnMap plan, CsvRow current, CsvMalformedRecord record)
    {
        using CsvReader? trimming = Trim(record, out string? reason);
        if (trimming is null)
        {
            sink.Reject(current.Place, new EventRowException(string.Empty, reason!), record.RawRecord);
            return;
        }

        current.Load(trimming, current.Place);
        ReadRagged(trimming, plan, current, record.RawRecord);
    }

    /// <summary>Reads a record again, without the blanks around its cells; null if that does not make it readable.</summary>
    private CsvReader? Trim(CsvMalformedRecord record, out string? reason)
    {
        string? left = null;
        CsvReader trimming = CsvReader.Create(new MemoryStream(Encoding.UTF8.GetBytes(record.RawRecord)), ReaderOptions() with
        {
            HasHeader = false,
            TrimWhitespace = true,
            OnMalformedRecord = again => left ??= ReasonOf(again),
        });
        if (trimming.Read() && left is null)
        {
            reason = null;
            return trimming;
        }

        reason = left ?? ReasonOf(record) ?? StrayQuote;
        trimming.Dispose();
        return null;
    }

    private void TellShortRows()
    {
        if (_shortRows > 0)
        {
            sink.Warn(WarningTexts.ShortRows(_shortRows, _firstShort));
        }
    }

    [MethodImpl(HotPath.FullyOptimized)]
    private static bool IsBlank(CsvReader csv, int from)
    {
        for (int column = from; column < csv.FieldCount; column++)
        {
            if (!Cell.OfUtf8(csv.GetSpan(column)).IsBlank)
            {
                return false;
            }
        }

        return true;
    }

    private CsvReaderOptions ReaderOptions() => new()
    {
        Separator = options.Delimiter,
        TrackLineNumbers = true,
        BufferSize = 256 * 1024,
        MaxRecordSize = LargestRecord,
        MalformedData = CsvMalformedDataHandling.Recover,
        IncludeValuesInExceptions = false,
        OnMalformedRecord = _malformed.Enqueue,
    };

    /// <summary>The reason why a record can't be read; null for a quote inside a cell, which is text there.</summary>
    private static string? ReasonOf(CsvMalformedRecord record) => record.Reason switch
    {
        CsvMalformedReason.UnterminatedQuote => "a quote is opened and never closed, up to the end of the file",
        CsvMalformedReason.TextAfterClosingQuote => "text follows a closing quote; a quote inside a quoted cell is written twice",
        _ => null,
    };

    private ColumnMap PlanOf(IReadOnlyList<string> headers)
    {
        try
        {
            return MakePlan(headers);
        }
        catch (EventRowException problem)
        {
            // The reader writes U+FFFD for bytes that are not UTF-8.
            throw (headers.Any(header => header.Contains('\uFFFD', StringComparison.Ordinal)) ? new EventRowException(string.Empty, "its header " + FieldParser.NotUtf8Reason) : problem).OfColumns();
        }
    }

    private ColumnMap MakePlan(IReadOnlyList<string> headers)
    {
        if (headers is [string only] && only.AsSpan().IndexOfAny(OtherDelimiters) is int at and >= 0)
        {
            throw new EventRowException(string.Empty, $"its header is one column, '{only}'; give the delimiter, for example -Delimiter '{only[at]}'");
        }

        if (headers.Any(header => header.Contains('\0', StringComparison.Ordinal)))
        {
            throw new EventRowException(string.Empty, "its header has NUL characters; if the file is UTF-16, give -Encoding unicode");
        }

        string? missing = options.JsonColumns.FirstOrDefault(column => !headers.Contains(column, StringComparer.OrdinalIgnoreCase));
        if (missing is not null)
        {
            throw new EventRowException(string.Empty, $"it has no column '{missing}' to read as JSON; its columns are {string.Join(", ", headers)}");
        }

        var plan = new ColumnMap(headers, options.JsonColumns, options.IsTable);
        if (!options.IsTable && !EventKindColumns.ShowsIn(plan))
        {
            // The same for every row: one error of the file, instead of one a row.
            throw EventKindColumns.Unseen(headers);
        }

        if (plan.UnknownColumns.Count > 0)
        {
            sink.Ignore(name, plan.UnknownColumns);
        }

        sink.SeeColumns(plan.Columns);

        return plan;
    }

    private sealed class CsvRow(ColumnMap plan) : EventRow
    {
        private RowPlace _place;

        public override RowPlace Place => _place;

        public override IReadOnlyList<string> MetaMembers => plan.MetaMembers;

        public override IReadOnlyList<string> Columns => plan.Columns;

        public override bool HasHeader => true;

        public override bool IsReadBack => plan.IsReadBack;

        public override IReadOnlyList<DuplicateColumn> Repeated => plan.Repeated;

        private CsvReader Reader { get; set; } = null!;

        [MethodImpl(HotPath.FullyOptimized)]
        public void Load(CsvReader from, RowPlace at) => (Reader, _place) = (from, at);

        [MethodImpl(HotPath.FullyOptimized)]
        public override Cell Get(EventField field)
        {
            int column = plan.ColumnOf(field);
            return column < 0 ? Cell.Missing : At(column);
        }

        [MethodImpl(HotPath.FullyOptimized)]
        public override Cell GetColumn(int index) => At(index);

        public override Cell GetRepeated(int index) => GetColumn(plan.ColumnOfRepeated(index));

        public override Cell GetMetaMember(int index) => GetColumn(plan.ColumnOfMetaMember(index));

        public override bool IsJsonColumn(EventField field) => plan.IsJson(plan.ColumnOf(field));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private Cell At(int column) => Cell.OfUtf8(Reader.GetSpan(column)); // nothing if the record ends before it
    }
}
