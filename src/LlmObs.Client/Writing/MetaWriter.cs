using System.Runtime.CompilerServices;
using System.Text.Json;

namespace LlmObs.Client.Writing;

/// <summary>
/// Writes the <c>meta</c> of a span: its content from separate columns, and the other members of a <c>meta</c> column.
/// </summary>
internal sealed class MetaWriter(CellWriter cells)
{
    private bool _begun;

    [MethodImpl(HotPath.FullyOptimized)]
    public void Write(EventRow row)
    {
        _begun = false;
        WriteContent(row, EventField.Input, "input", "\"input\":"u8);
        WriteContent(row, EventField.Output, "output", "\"output\":"u8);
        WriteContent(row, EventField.ExpectedOutput, "expected_output", "\"expected_output\":"u8);
        Cell metadata = row.Get(EventField.Metadata);
        if (!metadata.IsBlank)
        {
            Name("\"metadata\":"u8);
            cells.Object(metadata, "metadata");
        }

        if (ErrorWriter.IsGiven(row))
        {
            Name("\"error\":"u8);
            ErrorWriter.Write(cells, row, withTypeAndStack: true);
        }

        if (row.MetaMembers.Count > 0)
        {
            WriteMembers(row);
        }

        Cell whole = row.Get(EventField.Meta);
        if (!whole.IsBlank)
        {
            WriteWhole(row, whole);
        }

        if (_begun)
        {
            cells.Json.Byte('}');
        }
    }

    [MethodImpl(HotPath.FullyOptimized)]
    private void Name(ReadOnlySpan<byte> name)
    {
        cells.Json.Raw(_begun ? ","u8 : ",\"meta\":{"u8);
        _begun = true;
        cells.Json.Raw(name);
    }

    // Input and output are free text: an answer of no words is an answer. Everything else that is blank was not given.
    [MethodImpl(HotPath.FullyOptimized)]
    private static bool IsGiven(in Cell cell, EventField field) =>
        field is EventField.Input or EventField.Output ? cell.Kind != CellKind.Missing : !cell.IsBlank;

    [MethodImpl(HotPath.FullyOptimized)]
    private void WriteContent(EventRow row, EventField field, string fieldName, ReadOnlySpan<byte> name)
    {
        Cell cell = row.Get(field);
        if (IsGiven(cell, field))
        {
            Name(name);
            cells.FreeForm(cell, fieldName, row.IsJsonColumn(field));
        }
    }

    private void WriteMembers(EventRow row)
    {
        for (int member = 0; member < row.MetaMembers.Count; member++)
        {
            Cell cell = row.GetMetaMember(member);
            if (!cell.IsBlank)
            {
                WriteName(row.MetaMembers[member]);
                cells.FreeForm(cell, "meta." + row.MetaMembers[member], textIsJson: false);
            }
        }
    }

    private void WriteWhole(EventRow row, in Cell whole)
    {
        if (!_begun)
        {
            cells.Json.Raw(",\"meta\":"u8);
            cells.Object(whole, "meta");
            return;
        }

        using var document = JsonDocument.Parse(cells.ToJson(whole, "meta"), new JsonDocumentOptions { MaxDepth = HostObjectJson.MaxDepth });
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            throw new EventRowException("meta", "must be a JSON object");
        }

        foreach (JsonProperty member in document.RootElement.EnumerateObject())
        {
            if (!IsOverridden(row, member.Name))
            {
                WriteName(member.Name);
                cells.Json.Value(member.Value);
            }
        }
    }

    private void WriteName(string name)
    {
        Name([]);
        if (!cells.Json.TryText(name))
        {
            throw new EventRowException("meta", "has a name that " + SurrogatePairs.Half);
        }

        cells.Json.Byte(':');
    }

    /// <summary>True if a separate column has a member that the meta object has, too.</summary>
    private static bool IsOverridden(EventRow row, string member) => member switch
    {
        "input" => IsGiven(row.Get(EventField.Input), EventField.Input),
        "output" => IsGiven(row.Get(EventField.Output), EventField.Output),
        "expected_output" => IsGiven(row.Get(EventField.ExpectedOutput), EventField.ExpectedOutput),
        "metadata" => IsGiven(row.Get(EventField.Metadata), EventField.Metadata),
        "error" => ErrorWriter.IsGiven(row),
        _ => row.MetaMembers.Contains(member),
    };
}
