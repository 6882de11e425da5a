using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace LlmObs.Client.Writing;

/// <summary>Writes the tags of an event: its own, then those of the whole call.</summary>
internal sealed class TagWriter(CellWriter cells, IReadOnlyList<string> forAll)
{
    private const string RecordIdTag = "dataset_record_id:";

    private bool _begun;

    [MethodImpl(HotPath.FullyOptimized)]
    public void Write(EventRow row)
    {
        Cell cell = row.Get(EventField.Tags);
        bool hasOwn = !cell.IsBlank;
        Cell record = row.Get(EventField.DatasetRecordId);
        if (!hasOwn && forAll.Count == 0 && record.IsBlank)
        {
            return;
        }

        _begun = false;
        int start = cells.Json.Length;
        if (hasOwn)
        {
            WriteOwn(cell);
        }

        if (!record.IsBlank)
        {
            WriteRecord(record, start);
        }

        for (int tag = 0; tag < forAll.Count; tag++)
        {
            WriteTag(forAll[tag]);
        }

        if (_begun)
        {
            cells.Json.Byte(']');
        }
    }

    /// <summary>The record of the dataset is a tag; a span that was read back may have both.</summary>
    private void WriteRecord(in Cell record, int start)
    {
        string tag = RecordIdTag + FieldParser.Text(record, EventField.DatasetRecordId).Trim();
        ReadOnlySpan<byte> own = cells.Json.From(start);
        if (own.IndexOf(Encoding.UTF8.GetBytes($"\"{tag}\"")) >= 0)
        {
            return;
        }

        if (own.IndexOf("\"dataset_record_id:"u8) >= 0)
        {
            throw EventRowException.For(EventField.DatasetRecordId, $"is {record.ToString()}, but the row's tags name another record; leave one out");
        }

        WriteTag(tag);
    }

    [MethodImpl(HotPath.FullyOptimized)]
    private void WriteOwn(in Cell cell)
    {
        if (cell.Kind == CellKind.Utf8)
        {
            WriteText(cell, cell.Utf8);
        }
        else if (cell.Kind == CellKind.Value || (cell.Kind == CellKind.Json && cell.Utf8[0] is (byte)'[' or (byte)'{'))
        {
            WriteList(cell);
        }
        else
        {
            string text = FieldParser.Text(cell, EventField.Tags);
            FieldParser.RefuseHalfPairs(text, EventField.Tags);
            WriteText(cell, Encoding.UTF8.GetBytes(text));
        }
    }

    /// <summary>A cell holds several tags as people write them, <c>env:ci, team:search</c>, or as a JSON list.</summary>
    [MethodImpl(HotPath.FullyOptimized)]
    private void WriteText(in Cell cell, ReadOnlySpan<byte> text)
    {
        text = text.Trim(" \t\r\n"u8);
        if (text is [(byte)'[', ..])
        {
            if (!Utf8.IsValid(text))
            {
                throw FieldParser.NotUtf8(EventField.Tags);
            }

            WriteList(cell);
            return;
        }

        while (text.Length > 0)
        {
            int end = text.IndexOfAny((byte)',', (byte)';');
            ReadOnlySpan<byte> tag = (end < 0 ? text : text[..end]).Trim(" \t\r\n"u8);
            text = end < 0 ? [] : text[(end + 1)..];
            if (tag.Length > 0)
            {
                Separate();
                if (!cells.Json.TryText(tag))
                {
                    throw FieldParser.NotUtf8(EventField.Tags);
                }
            }
        }
    }

    /// <summary>Copies a list of texts; false if it holds anything else.</summary>
    [MethodImpl(HotPath.FullyOptimized)]
    private bool TryCopyList(ReadOnlySpan<byte> json)
    {
        int at = JsonValidator.Blanks(json, 1);
        while (JsonValidator.Is(json, at, '"'))
        {
            int end = JsonValidator.String(json, at);
            Separate();
            cells.Json.Raw(json[at..end]);
            at = JsonValidator.Blanks(json, end);
            at = JsonValidator.Is(json, at, ',') ? JsonValidator.Blanks(json, at + 1) : at;
        }

        return JsonValidator.Is(json, at, ']');
    }

    private void WriteList(in Cell cell)
    {
        if (cell.Kind == CellKind.Json && cell.Utf8[0] == '[' && TryCopyList(cell.Utf8))
        {
            return;
        }

        using var document = JsonDocument.Parse(cells.ToJson(cell, "tags"), new JsonDocumentOptions { MaxDepth = HostObjectJson.MaxDepth });
        if (document.RootElement.ValueKind != JsonValueKind.Array)
        {
            throw EventRowException.For(EventField.Tags, $"must be a list of texts, not {cell.ToString()}");
        }

        foreach (JsonElement tag in document.RootElement.EnumerateArray())
        {
            WriteTag(tag.ValueKind == JsonValueKind.String
                ? tag.GetString()!
                : throw EventRowException.For(EventField.Tags, $"must be texts, not {tag.GetRawText()}"));
        }
    }

    private void WriteTag(string tag)
    {
        Separate();
        cells.HostText(tag, EventField.Tags);
    }

    private void Separate()
    {
        cells.Json.Raw(_begun ? ","u8 : ",\"tags\":["u8);
        _begun = true;
    }
}
