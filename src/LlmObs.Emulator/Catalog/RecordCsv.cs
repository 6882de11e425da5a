using System.Text;
using System.Text.Json;

namespace LlmObs.Emulator.Catalog;

/// <summary>
/// Records as CSV. A cell that is JSON stands for its value, every other for its text; text that looks like JSON is written
/// as a JSON string, so that what is exported can be uploaded again.
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
            string text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(file.Span).TrimStart('\uFEFF');
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

    private static string? Draft(List<string> header, List<string> cells, out RecordDraft draft)
    {
        string Cell(string column) => header.IndexOf(column) is >= 0 and var at ? cells[at] : string.Empty;

        JsonElement? metadata = Value(Cell("metadata"));
        JsonElement? tags = Value(Cell("tags"));
        draft = new RecordDraft
        {
            Id = Cell("id") is { Length: > 0 } id ? id : null,
            Input = Value(Cell("input")),
            ExpectedOutput = Value(Cell("expected_output")),
            Metadata = metadata,
            Tags = tags is { ValueKind: JsonValueKind.Array } list ? [.. list.EnumerateArray().Select(tag => tag.ToString())] : tags is { } one ? [one.ToString()] : [],
        };
        return Cell("input").Length == 0 ? "'input' is empty."
            : metadata is { ValueKind: not JsonValueKind.Object } ? "'metadata' must be a JSON object."
            : null;
    }

    private static JsonElement? Value(string cell)
    {
        if (cell.Length == 0)
        {
            return null;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(cell, new JsonDocumentOptions { MaxDepth = BodyJson.MaxDepth });
            return document.RootElement is { ValueKind: JsonValueKind.Null } ? null : document.RootElement.Clone();
        }
        catch (JsonException)
        {
            using JsonDocument text = JsonDocument.Parse(ResourceDocument.Write(json => json.WriteStringValue(cell)));
            return text.RootElement.Clone();
        }
    }

    private static string Cell(JsonElement? value)
    {
        if (value is not { } element)
        {
            return string.Empty;
        }

        bool isPlain = element.ValueKind == JsonValueKind.String && Value(element.GetString()!) is { ValueKind: JsonValueKind.String } back && back.GetString() == element.GetString();
        return isPlain ? element.GetString()! : Encoding.UTF8.GetString(ResourceDocument.Write(element.WriteTo));
    }

    private static string Tags(IReadOnlyList<string> tags) => tags.Count == 0 ? string.Empty : Cell(JsonSerializer.SerializeToElement(tags));
}
