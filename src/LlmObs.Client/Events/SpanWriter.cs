using System.Text.Json;

namespace LlmObs.Client;

/// <summary>Writes a row as a span.</summary>
internal sealed class SpanWriter(CellWriter cells, EventDefaults defaults)
{
    private static readonly EventField[] Content =
        [EventField.Input, EventField.Output, EventField.ExpectedOutput, EventField.Metadata, EventField.Error, EventField.ErrorMessage, EventField.ErrorType, EventField.ErrorStack];

    private readonly TagWriter tags = new(cells, defaults.Tags);

    public void Write(EventRow row)
    {
        Utf8JsonWriter json = cells.Json;
        json.WriteStartObject();
        cells.RequiredText(row, EventField.TraceId, "trace_id"u8);
        cells.RequiredText(row, EventField.SpanId, "span_id"u8);
        RequiredSetting(row, EventField.ProjectId, "project_id"u8, defaults.ProjectId);
        RequiredSetting(row, EventField.DatasetId, "dataset_id"u8, defaults.DatasetId);
        cells.RequiredText(row, EventField.Name, "name"u8);
        json.WriteNumber("start_ns"u8, CellConversion.StartNs(Required(row, EventField.Start)));
        json.WriteNumber("duration"u8, CellConversion.DurationNs(Required(row, EventField.Duration)));
        json.WriteString("status"u8, StatusOf(row));
        tags.Write(row);
        WriteMeta(row);
        json.WriteEndObject();
    }

    // A table without such a column means the same project for all rows, and nobody has said which.
    private void RequiredSetting(EventRow row, EventField field, ReadOnlySpan<byte> name, string? fallback)
    {
        if (string.IsNullOrEmpty(fallback) && row.Get(field).Kind == CellKind.Missing)
        {
            throw new EventRowException(EventFieldNames.ApiName(field), "is missing") { IsMissingSetting = true };
        }

        cells.RequiredText(row, field, name, fallback);
    }

    private static Cell Required(EventRow row, EventField field)
    {
        Cell cell = row.Get(field);
        return cell.IsBlank ? throw CellConversion.Missing(field) : cell;
    }

    // Evaluation tables seldom have a status column: a row that tells of an error is one, every other went well.
    private static string StatusOf(EventRow row)
    {
        Cell status = row.Get(EventField.Status);
        if (!status.IsBlank)
        {
            return CellConversion.Word(status, EventField.Status, SpanStatus.All);
        }

        bool failed = !row.Get(EventField.Error).IsBlank || !row.Get(EventField.ErrorMessage).IsBlank || !row.Get(EventField.ErrorType).IsBlank;
        return failed ? SpanStatus.Error : SpanStatus.Ok;
    }

    private void WriteMeta(EventRow row)
    {
        Cell meta = row.Get(EventField.Meta);
        bool hasFlat = row.MetaMembers.Count > 0 || Array.Exists(Content, field => IsGiven(row, field));
        if (meta.IsBlank && !hasFlat)
        {
            return;
        }

        cells.Json.WritePropertyName("meta"u8);
        if (!hasFlat)
        {
            cells.Object(meta, "meta");
            return;
        }

        cells.Json.WriteStartObject();
        WriteFlat(row);
        if (!meta.IsBlank)
        {
            WriteOthers(row, meta);
        }

        cells.Json.WriteEndObject();
    }

    // Input and output are free text: an answer of no words is an answer. Everything else that is blank was not given.
    private static bool IsGiven(EventRow row, EventField field)
    {
        Cell cell = row.Get(field);
        return field is EventField.Input or EventField.Output ? cell.Kind != CellKind.Missing : !cell.IsBlank;
    }

    private void WriteFlat(EventRow row)
    {
        WriteContent(row, EventField.Input, "input");
        WriteContent(row, EventField.Output, "output");
        WriteContent(row, EventField.ExpectedOutput, "expected_output");
        if (IsGiven(row, EventField.Metadata))
        {
            cells.Json.WritePropertyName("metadata"u8);
            cells.Object(row.Get(EventField.Metadata), "metadata");
        }

        ErrorWriter.Write(cells, row, withTypeAndStack: true);
        for (int member = 0; member < row.MetaMembers.Count; member++)
        {
            Cell cell = row.GetMetaMember(member);
            if (!cell.IsBlank)
            {
                cells.Json.WritePropertyName(row.MetaMembers[member]);
                cells.FreeForm(cell, "meta." + row.MetaMembers[member], textIsJson: false);
            }
        }
    }

    private void WriteContent(EventRow row, EventField field, string name)
    {
        if (IsGiven(row, field))
        {
            cells.Json.WritePropertyName(name);
            cells.FreeForm(row.Get(field), name, row.IsJsonColumn(field));
        }
    }

    /// <summary>Of a row's meta object, the members that no column of its own overrides.</summary>
    private void WriteOthers(EventRow row, in Cell meta)
    {
        byte[] json = cells.ToJson(meta, "meta");
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = FreeFormJson.MaxDepth });
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            throw new EventRowException("meta", "must be a JSON object");
        }

        foreach (JsonProperty member in document.RootElement.EnumerateObject())
        {
            bool overridden = member.Name switch
            {
                "input" => IsGiven(row, EventField.Input),
                "output" => IsGiven(row, EventField.Output),
                "expected_output" => IsGiven(row, EventField.ExpectedOutput),
                "metadata" => IsGiven(row, EventField.Metadata),
                "error" => ErrorWriter.IsGiven(row),
                _ => row.MetaMembers.Contains(member.Name),
            };
            if (!overridden)
            {
                member.WriteTo(cells.Json);
            }
        }
    }
}
