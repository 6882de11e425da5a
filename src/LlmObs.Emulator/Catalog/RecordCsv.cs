using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;
using System.Text.Json;
using CsvHelper;

namespace LlmObs.Emulator.Catalog;

/// <summary>
/// Records as CSV. A cell with JSON is its value, any other is text; text that looks like JSON is written
/// as a JSON string, so that an exported file can be uploaded again.
/// </summary>
internal static class RecordCsv
{
    private const string OpenQuote = "a quote is opened and never closed";

    private static readonly string[] Columns = ["id", "input", "expected_output", "metadata", "tags"];

    public static ReadOnlySequence<byte> Write(IEnumerable<StoredRecord> records)
    {
        var file = new MemoryStream();
        using (CsvWriter csv = CsvWriter.Create(file, leaveOpen: true))
        {
            csv.WriteRecord(Columns);
            foreach (StoredRecord record in records)
            {
                csv.WriteRecord([record.Id, Cell(record.Input), Cell(record.ExpectedOutput), Cell(record.Metadata), Tags(record.Tags)]);
            }
        }

        return new ReadOnlySequence<byte>(file.GetBuffer(), 0, (int)file.Length);
    }

    public static Problem? Read(ReadOnlyMemory<byte> file, out IReadOnlyList<RecordDraft> records)
    {
        records = [];
        if (FaultOf(file.Span) is { } fault)
        {
            return Unreadable(fault);
        }

        using CsvReader csv = CsvReader.Create(file, new CsvReaderOptions { Separator = ',', HasHeader = false });
        if (!csv.Read())
        {
            return Problem.BadRequest("The CSV file is empty.");
        }

        string[] header = [.. Enumerable.Range(0, csv.FieldCount).Select(csv.GetString)];
        Problem? problem = EndsOpen(csv) ? Unreadable(OpenQuote)
            : header.Contains("input") ? null
            : Problem.BadRequest($"The CSV file has no column 'input'; its columns are {string.Join(", ", header)}.");
        var rows = new RecordRows(csv, header, new TextBlocks(file.Length));
        while (problem is null && csv.Read())
        {
            problem = rows.Add();
        }

        records = rows.Records;
        return problem;
    }

    /// <summary>True if the last cell of the present row is quoted and never closed, which the reader takes for a whole one.</summary>
    private static bool EndsOpen(CsvReader csv)
    {
        ReadOnlySpan<byte> rest = csv.GetRawSpan(csv.FieldCount - 1);
        if (rest is not [(byte)'"', ..])
        {
            return false;
        }

        rest = rest[1..];
        for (int quote; (quote = rest.IndexOf((byte)'"')) >= 0; rest = rest[(quote + 2)..])
        {
            if (quote + 1 == rest.Length || rest[quote + 1] != (byte)'"')
            {
                return false; // one of two stands for itself; alone it closes
            }
        }

        return true;
    }

    private static Problem Unreadable(string fault) => Problem.BadRequest($"The CSV file can't be read: {fault}.");

    /// <summary>The place of a byte that is no text; null if there is none.</summary>
    private static string? FaultOf(ReadOnlySpan<byte> file)
    {
        Encoding encoding = file switch
        {
            [0xFE, 0xFF, ..] => new UnicodeEncoding(bigEndian: true, byteOrderMark: false, throwOnInvalidBytes: true),
            [0xFF, 0xFE, ..] => new UnicodeEncoding(bigEndian: false, byteOrderMark: false, throwOnInvalidBytes: true),
            _ => new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true),
        };
        try
        {
            encoding.GetCharCount(file);
            return null;
        }
        catch (DecoderFallbackException failure)
        {
            return failure.Message;
        }
    }

    private static bool IsJson(ReadOnlySpan<byte> cell)
    {
        // Many cells are text that no JSON begins like; an exception for each would take longer than all the rest.
        if (!"{[\"-0123456789tfn \t\r\n"u8.Contains(cell[0]))
        {
            return false;
        }

        try
        {
            var reader = new Utf8JsonReader(cell, BodyJson.ReaderOptions);
            while (reader.Read())
            {
            }

            return BodyJson.CheckCharacters(cell) is null;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>
    /// True if it surely is a JSON string, as most cells of an upload are. Those with <c>\u</c> are left to the JSON reader, which
    /// takes ten times as long: halves of surrogate pairs would have to be found.
    /// </summary>
    /// <param name="cell">Valid UTF-8.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // fast from the first upload of a process on
    private static bool IsString(ReadOnlySpan<byte> cell)
    {
        if (cell is not [(byte)'"', .., (byte)'"'])
        {
            return false;
        }

        ref byte text = ref MemoryMarshal.GetReference(cell);
        int end = cell.Length - 1;
        for (int at = 1; at < end;)
        {
            if (end - at >= Vector256<byte>.Count)
            {
                var block = Vector256.LoadUnsafe(ref text, (nuint)at);
                uint special = (Vector256.LessThan(block, Vector256.Create((byte)' '))
                    | Vector256.Equals(block, Vector256.Create((byte)'"')) | Vector256.Equals(block, Vector256.Create((byte)'\\'))).ExtractMostSignificantBits();
                at += special == 0 ? Vector256<byte>.Count : BitOperations.TrailingZeroCount(special);
                if (special == 0)
                {
                    continue;
                }
            }

            switch (cell[at])
            {
                case (byte)'\\' when cell[at + 1] is (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t' && at + 1 < end:
                    at += 2;
                    break;
                case (byte)'\\' or (byte)'"' or < (byte)' ':
                    return false;
                default:
                    at++;
                    break;
            }
        }

        return true;
    }

    private static string Cell(JsonElement? value)
    {
        if (value is not { } element)
        {
            return string.Empty;
        }

        bool isPlain = element.ValueKind == JsonValueKind.String && element.GetString() is { Length: > 0 } text && !IsJson(Encoding.UTF8.GetBytes(text));
        return isPlain ? element.GetString()! : Encoding.UTF8.GetString(ResourceDocument.Write(element.WriteTo));
    }

    private static string Tags(IReadOnlyList<string> tags) => tags.Count == 0 ? string.Empty : Cell(JsonSerializer.SerializeToElement(tags));

    /// <summary>Makes records of rows.</summary>
    private sealed class RecordRows
    {
        private readonly CsvReader _csv;
        private readonly int[] _places; // of the columns in a row; -1 for one that the file does not have
        private readonly int _width;
        private readonly TextBlocks _texts;
        private readonly List<RecordDraft> _records = [];

        /// <param name="csv">The file.</param>
        /// <param name="header">Its columns.</param>
        /// <param name="texts">Keeps the values.</param>
        public RecordRows(CsvReader csv, string[] header, TextBlocks texts)
        {
            _csv = csv;
            _places = [.. Columns.Select(column => Array.IndexOf(header, column))];
            _width = header.Length;
            _texts = texts;
        }

        public IReadOnlyList<RecordDraft> Records => _records;

        /// <summary>Adds the present row of the file.</summary>
        /// <returns>Its problem; null if it has none.</returns>
        public Problem? Add()
        {
            if (EndsOpen(_csv))
            {
                return Unreadable(OpenQuote);
            }

            int row = _records.Count + 1;
            if (_csv.FieldCount != _width)
            {
                return Problem.BadRequest(FormattableString.Invariant($"Row {row} has {_csv.FieldCount} cells, and the header has {_width}."));
            }

            StoredJson? input = Value(1);
            StoredJson? metadata = Value(3);
            string? flaw = input is null ? "'input' is empty." : metadata is { IsObject: false } ? "'metadata' must be a JSON object." : null;
            if (flaw is not null)
            {
                return Problem.BadRequest(FormattableString.Invariant($"Row {row}: {flaw}"));
            }

            _records.Add(new RecordDraft
            {
                Id = CellOf(0) is { Length: > 0 } id ? Encoding.UTF8.GetString(id) : null,
                Input = input,
                ExpectedOutput = Value(2),
                Metadata = metadata,
                Tags = Value(4)?.ToElement() switch
                {
                    { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray().Select(tag => tag.ToString())],
                    { } one => [one.ToString()],
                    null => [],
                },
            });
            return null;
        }

        private ReadOnlySpan<byte> CellOf(int column) => _places[column] < 0 ? default : _csv.GetSpan(_places[column]);

        private StoredJson? Value(int column)
        {
            ReadOnlySpan<byte> cell = CellOf(column);
            if (cell.IsEmpty)
            {
                return null;
            }

            var value = new StoredJson(IsString(cell) ? _texts.Keep(cell) : IsJson(cell) ? OneLine(cell.Trim(" \t\r\n"u8)) : TextOf(cell));
            return value.IsNull ? null : value;
        }

        // Line breaks in JSON are between its tokens.
        private Memory<byte> OneLine(ReadOnlySpan<byte> json)
        {
            Memory<byte> kept = _texts.Keep(json);
            kept.Span.Replace((byte)'\n', (byte)' ');
            kept.Span.Replace((byte)'\r', (byte)' ');
            return kept;
        }

        private Memory<byte> TextOf(ReadOnlySpan<byte> cell) =>
            _texts.Keep([(byte)'"', .. JsonEncodedText.Encode(cell, BodyJson.WriterOptions.Encoder).EncodedUtf8Bytes, (byte)'"']);
    }

    /// <summary>Keeps texts together in large arrays: one for each would be a third more.</summary>
    /// <param name="expected">The bytes that are likely to come.</param>
    private sealed class TextBlocks(int expected)
    {
        private const int MostBytes = 256 * 1024;

        private byte[] _block = [];
        private int _used;

        public Memory<byte> Keep(ReadOnlySpan<byte> text)
        {
            if (text.Length > _block.Length - _used)
            {
                _block = GC.AllocateUninitializedArray<byte>(Math.Max(text.Length, Math.Min(expected, MostBytes)));
                _used = 0;
            }

            text.CopyTo(_block.AsSpan(_used));
            _used += text.Length;
            return _block.AsMemory(_used - text.Length, text.Length);
        }
    }
}
