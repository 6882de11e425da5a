using System.Buffers;
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
        using var rows = new RecordRows(csv, header);
        while (problem is null && csv.Read())
        {
            problem = rows.Add();
        }

        records = rows.Records;
        return problem ?? rows.Complete();
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
        // Most cells are text that no JSON begins like; an exception for each would take longer than all the rest.
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

    /// <summary>
    /// Makes records of rows, many of them from one document: one for each record would take as much memory again as its values do.
    /// </summary>
    private sealed class RecordRows : IDisposable
    {
        private const int DocumentBytes = 256 * 1024;

        private readonly CsvReader _csv;
        private readonly int[] _places; // of the columns in a row; -1 for one that the file does not have
        private readonly int _width;
        private readonly ArrayBufferWriter<byte> _buffer = new(DocumentBytes); // a list with a list of values for each row
        private readonly Utf8JsonWriter _json;
        private readonly List<string?> _ids = []; // of the rows in the buffer
        private readonly List<RecordDraft> _records = [];

        /// <param name="csv">The file.</param>
        /// <param name="header">Its columns.</param>
        public RecordRows(CsvReader csv, string[] header)
        {
            _csv = csv;
            _places = [.. Columns.Select(column => Array.IndexOf(header, column))];
            _width = header.Length;
            _json = new Utf8JsonWriter(_buffer, BodyJson.WriterOptions);
            _json.WriteStartArray();
        }

        /// <summary>The records of all rows before the last call of <see cref="Complete"/>.</summary>
        public IReadOnlyList<RecordDraft> Records => _records;

        /// <summary>Adds the present row of the file.</summary>
        /// <returns>The problem of this row or one before it; null if none was found.</returns>
        public Problem? Add()
        {
            if (EndsOpen(_csv))
            {
                return Complete() ?? Unreadable(OpenQuote);
            }

            if (_csv.FieldCount != _width)
            {
                return Complete() ?? Problem.BadRequest(FormattableString.Invariant($"Row {_records.Count + 1} has {_csv.FieldCount} cells, and the header has {_width}."));
            }

            _ids.Add(CellOf(0) is { Length: > 0 } id ? Encoding.UTF8.GetString(id) : null);
            _json.WriteStartArray();
            for (int column = 1; column < Columns.Length; column++)
            {
                WriteValue(CellOf(column));
            }

            _json.WriteEndArray();
            return _json.BytesCommitted + _json.BytesPending < DocumentBytes ? null : Complete();
        }

        /// <summary>Makes the records of the rows that were added.</summary>
        /// <returns>The problem of a row; null if none has one.</returns>
        public Problem? Complete()
        {
            _json.WriteEndArray();
            _json.Flush();
            using JsonDocument document = JsonDocument.Parse(_buffer.WrittenMemory, new JsonDocumentOptions { MaxDepth = BodyJson.MaxDepth + 2 });
            int row = 0;
            foreach (JsonElement values in document.RootElement.Clone().EnumerateArray())
            {
                RecordDraft draft = Draft(_ids[row++], values, out string? flaw);
                if (flaw is not null)
                {
                    return Problem.BadRequest(FormattableString.Invariant($"Row {_records.Count + 1}: {flaw}"));
                }

                _records.Add(draft);
            }

            _ids.Clear();
            _buffer.ResetWrittenCount();
            _json.Reset();
            _json.WriteStartArray();
            return null;
        }

        public void Dispose() => _json.Dispose();

        private static RecordDraft Draft(string? id, JsonElement values, out string? flaw)
        {
            JsonElement? Value(int column) => values[column] is { ValueKind: not JsonValueKind.Null } value ? value : null;

            JsonElement? input = Value(0), metadata = Value(2);
            flaw = input is null ? "'input' is empty."
                : metadata is { ValueKind: not JsonValueKind.Object } ? "'metadata' must be a JSON object."
                : null;
            return new RecordDraft
            {
                Id = id,
                Input = input,
                ExpectedOutput = Value(1),
                Metadata = metadata,
                Tags = Value(3) switch
                {
                    { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray().Select(tag => tag.ToString())],
                    { } one => [one.ToString()],
                    null => [],
                },
            };
        }

        private ReadOnlySpan<byte> CellOf(int column) => _places[column] < 0 ? default : _csv.GetSpan(_places[column]);

        private void WriteValue(ReadOnlySpan<byte> cell)
        {
            if (cell.IsEmpty)
            {
                _json.WriteNullValue();
            }
            else if (IsJson(cell))
            {
                _json.WriteRawValue(cell, skipInputValidation: true);
            }
            else
            {
                _json.WriteStringValue(cell);
            }
        }
    }
}
