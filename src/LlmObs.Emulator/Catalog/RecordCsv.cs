using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace LlmObs.Emulator.Catalog;

/// <summary>
/// Records as CSV. A cell with JSON is its value, any other is text; text that looks like JSON is written
/// as a JSON string, so that an exported file can be uploaded again.
/// </summary>
internal static class RecordCsv
{
    private static readonly string[] Columns = ["id", "input", "expected_output", "metadata", "tags"];

    public static byte[] Write(IEnumerable<StoredRecord> records)
    {
        var text = new StringBuilder();
        CsvText.Append(text, Columns);
        foreach (StoredRecord record in records)
        {
            CsvText.Append(text, [record.Id, Cell(record.Input), Cell(record.ExpectedOutput), Cell(record.Metadata), Tags(record.Tags)]);
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    public static Problem? Read(ReadOnlyMemory<byte> file, out IReadOnlyList<RecordDraft> records)
    {
        var read = new List<RecordDraft>();
        records = read;
        try
        {
            // As a text of its own, the file would be in memory three times.
            using var text = new StreamReader(Stream(file), new UTF8Encoding(false, throwOnInvalidBytes: true));
            List<string>? header = null;
            foreach (List<string> cells in CsvText.Read(text))
            {
                if (header is null)
                {
                    header = cells;
                    if (!header.Contains("input"))
                    {
                        return Problem.BadRequest($"The CSV file has no column 'input'; its columns are {string.Join(", ", header)}.");
                    }
                }
                else if (cells.Count != header.Count)
                {
                    return Problem.BadRequest(FormattableString.Invariant($"Row {read.Count + 1} has {cells.Count} cells, and the header has {header.Count}."));
                }
                else if (Draft(header, cells, out RecordDraft draft) is { } flaw)
                {
                    return Problem.BadRequest(FormattableString.Invariant($"Row {read.Count + 1}: {flaw}"));
                }
                else
                {
                    read.Add(draft);
                }
            }

            return header is null ? Problem.BadRequest("The CSV file is empty.") : null;
        }
        catch (Exception failure) when (failure is FormatException or DecoderFallbackException)
        {
            return Problem.BadRequest($"The CSV file can't be read: {failure.Message}.");
        }
    }

    private static MemoryStream Stream(ReadOnlyMemory<byte> file) =>
        MemoryMarshal.TryGetArray(file, out ArraySegment<byte> array) ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false) : new MemoryStream(file.ToArray());

    private static string? Draft(List<string> header, List<string> cells, out RecordDraft draft)
    {
        string Cell(string column) => header.IndexOf(column) is >= 0 and var at ? cells[at] : string.Empty;

        // One document for all values of a record: each of its own would take as much memory again as the values do.
        using JsonDocument document = JsonDocument.Parse(
            ResourceDocument.Write(json =>
            {
                json.WriteStartObject();
                foreach (string column in Columns.AsSpan(1))
                {
                    if (Cell(column) is { Length: > 0 } cell)
                    {
                        json.WritePropertyName(column);
                        WriteValue(json, cell);
                    }
                }

                json.WriteEndObject();
            }),
            new JsonDocumentOptions { MaxDepth = BodyJson.MaxDepth + 1 });
        JsonElement values = document.RootElement.Clone();
        JsonElement? Value(string column) => values.TryGetProperty(column, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

        JsonElement? metadata = Value("metadata");
        draft = new RecordDraft
        {
            Id = Cell("id") is { Length: > 0 } id ? id : null,
            Input = Value("input"),
            ExpectedOutput = Value("expected_output"),
            Metadata = metadata,
            Tags = Value("tags") switch
            {
                { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray().Select(tag => tag.ToString())],
                { } one => [one.ToString()],
                null => [],
            },
        };
        return Cell("input").Length == 0 ? "'input' is empty."
            : metadata is { ValueKind: not JsonValueKind.Object } ? "'metadata' must be a JSON object."
            : null;
    }

    private static void WriteValue(Utf8JsonWriter json, string cell)
    {
        if (IsJson(cell))
        {
            json.WriteRawValue(cell, skipInputValidation: true);
        }
        else
        {
            json.WriteStringValue(cell);
        }
    }

    private static bool IsJson(string cell)
    {
        // Most cells are text that no JSON begins like; an exception for each would take longer than all the rest.
        if (!"{[\"-0123456789tfn \t\r\n".Contains(cell[0], StringComparison.Ordinal))
        {
            return false;
        }

        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(cell), new JsonReaderOptions { MaxDepth = BodyJson.MaxDepth });
            while (reader.Read())
            {
            }

            return true;
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

        bool isPlain = element.ValueKind == JsonValueKind.String && element.GetString() is { Length: > 0 } text && !IsJson(text);
        return isPlain ? element.GetString()! : Encoding.UTF8.GetString(ResourceDocument.Write(element.WriteTo));
    }

    private static string Tags(IReadOnlyList<string> tags) => tags.Count == 0 ? string.Empty : Cell(JsonSerializer.SerializeToElement(tags));
}

/// <summary>CSV by RFC 4180.</summary>
internal static class CsvText
{
    /// <summary>The records of a text, each with its cells; lines without anything are passed over.</summary>
    /// <exception cref="FormatException">A quote is opened and never closed.</exception>
    public static IEnumerable<List<string>> Read(TextReader text)
    {
        List<string> cells = [];
        var cell = new StringBuilder();
        bool quoted = false, wasQuoted = false;
        while (text.Read() is >= 0 and var next)
        {
            char letter = (char)next;
            if (quoted)
            {
                if (letter != '"')
                {
                    cell.Append(letter);
                }
                else if (text.Peek() == '"')
                {
                    cell.Append((char)text.Read());
                }
                else
                {
                    quoted = false;
                }
            }
            else if (letter == '"' && cell.Length == 0)
            {
                quoted = wasQuoted = true;
            }
            else if (letter is ',' or '\n')
            {
                cells.Add(cell.ToString());
                cell.Clear();
                if (letter == '\n')
                {
                    if (cells.Count > 1 || cells[0].Length > 0 || wasQuoted)
                    {
                        yield return cells;
                    }

                    cells = [];
                    wasQuoted = false;
                }
            }
            else if (letter != '\r' || text.Peek() != '\n')
            {
                cell.Append(letter);
            }
        }

        if (quoted)
        {
            throw new FormatException("a quote is opened and never closed");
        }

        if (cell.Length > 0 || cells.Count > 0)
        {
            cells.Add(cell.ToString());
            yield return cells;
        }
    }

    /// <summary>Appends a record.</summary>
    public static void Append(StringBuilder text, IEnumerable<string> cells) => text.AppendJoin(',', cells.Select(Quoted)).Append("\r\n");

    private static string Quoted(string cell) =>
        cell.AsSpan().IndexOfAny(",\"\r\n") < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
