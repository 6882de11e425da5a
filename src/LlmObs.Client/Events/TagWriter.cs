using System.Text.Json;

namespace LlmObs.Client;

/// <summary>Writes the tags of an event: its own, then those of the whole call.</summary>
internal sealed class TagWriter(CellWriter cells, IReadOnlyList<string> forAll)
{
    public void Write(EventRow row)
    {
        Cell cell = row.Get(EventField.Tags);
        if (cell.IsBlank && forAll.Count == 0)
        {
            return;
        }

        cells.Json.WriteStartArray("tags"u8);
        if (!cell.IsBlank)
        {
            WriteOwn(cell);
        }

        foreach (string tag in forAll)
        {
            cells.HostText(tag, EventField.Tags);
        }

        cells.Json.WriteEndArray();
    }

    private void WriteOwn(in Cell cell)
    {
        bool isList = cell.Kind == CellKind.Value || (cell.Kind == CellKind.Json && cell.Utf8[0] is (byte)'[' or (byte)'{');
        if (!isList && cell.TryGetText(out _) && CellConversion.Text(cell, EventField.Tags) is string text && !text.AsSpan().TrimStart().StartsWith('['))
        {
            // A cell holds several tags as people write them: env:ci, team:search
            foreach (string tag in text.Split([',', ';'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                cells.HostText(tag, EventField.Tags);
            }

            return;
        }

        using var document = JsonDocument.Parse(cells.ToJson(cell, "tags"), new JsonDocumentOptions { MaxDepth = FreeFormJson.MaxDepth });
        if (document.RootElement.ValueKind != JsonValueKind.Array)
        {
            throw EventRowException.For(EventField.Tags, $"must be a list of texts, not {cell.ToString()}");
        }

        foreach (JsonElement tag in document.RootElement.EnumerateArray())
        {
            cells.Json.WriteStringValue(tag.ValueKind == JsonValueKind.String
                ? tag.GetString()
                : throw EventRowException.For(EventField.Tags, $"must be texts, not {tag.GetRawText()}"));
        }
    }
}
