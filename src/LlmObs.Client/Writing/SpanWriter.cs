using System.Runtime.CompilerServices;
using System.Text.Json;

namespace LlmObs.Client.Writing;

/// <summary>Writes a row as a span.</summary>
internal sealed class SpanWriter(CellWriter cells, EventDefaults defaults, TimeProvider time, EventWarnings doubts, string? experimentId, bool asksForSettings)
{
    private readonly TagWriter _tags = new(cells, defaults.Tags);
    private readonly MetaWriter _meta = new(cells);

    [MethodImpl(HotPath.Compiled)]
    public void Write(EventRow row)
    {
        JsonAppender json = cells.Json;
        WriteIds(row);
        bool isCopy = IsOfAnother(row);
        RequiredSetting(row, EventField.ProjectId, ",\"project_id\":"u8, defaults.ProjectId, isCopy);
        RequiredSetting(row, EventField.DatasetId, ",\"dataset_id\":"u8, defaults.DatasetId, isCopy);
        cells.RequiredText(row, EventField.Name, ",\"name\":"u8);
        json.Raw(",\"start_ns\":"u8);
        long start = FieldParser.StartNs(Required(row, EventField.Start));
        json.Number(start);
        doubts.OfStart(start, time, row.Place);
        json.Raw(",\"duration\":"u8);
        json.Number(FieldParser.DurationNs(Required(row, EventField.Duration)));
        json.Raw(",\"status\":"u8);
        cells.HostText(StatusOf(row), EventField.Status);
        _tags.Write(row);
        _meta.Write(row);
        json.Byte('}');
    }

    [MethodImpl(HotPath.Compiled)]
    private void WriteIds(EventRow row)
    {
        ReadOnlySpan<byte> traceName = "{\"trace_id\":"u8;
        ReadOnlySpan<byte> spanName = ",\"span_id\":"u8;
        int trace = cells.Json.Length + traceName.Length;
        cells.RequiredText(row, EventField.TraceId, traceName);
        int span = cells.Json.Length + spanName.Length;
        cells.RequiredText(row, EventField.SpanId, spanName);
        doubts.OfIds(cells.Json.From(trace)[..(span - spanName.Length - trace)], cells.Json.From(span), row.Get(EventField.SpanId), row.Place);
    }

    // A table without such a column means the same project for all rows, and nobody has said which.
    [MethodImpl(HotPath.Compiled)]
    private void RequiredSetting(EventRow row, EventField field, ReadOnlySpan<byte> name, string? fallback, bool isCopy)
    {
        if (isCopy && !string.IsNullOrEmpty(fallback))
        {
            cells.Json.Raw(name);
            cells.HostText(fallback, field);
            return;
        }

        if (string.IsNullOrEmpty(fallback) && (asksForSettings ? isCopy || row.Get(field).IsBlank : row.Get(field).Kind == CellKind.Missing))
        {
            throw new EventRowException(FieldNames.ApiName(field), "is missing") { IsMissingSetting = true };
        }

        cells.RequiredText(row, field, name, fallback);
    }

    /// <summary>
    /// Whether the span comes from another experiment: its project and dataset are those of that one, and give way to those of
    /// the experiment that it is sent to.
    /// </summary>
    [MethodImpl(HotPath.Compiled)]
    private bool IsOfAnother(EventRow row)
    {
        Cell from = row.Get(EventField.ExperimentId);
        return from.Kind != CellKind.Missing && experimentId is not null && !from.IsBlank && from.TryGetText(out string id) && id.Trim() != experimentId;
    }

    [MethodImpl(HotPath.Compiled)]
    private static Cell Required(EventRow row, EventField field)
    {
        Cell cell = row.Get(field);
        return cell.IsBlank ? throw FieldParser.Missing(field) : cell;
    }

    // Evaluation tables seldom have a status column: a row that tells of an error is one, every other went well.
    [MethodImpl(HotPath.Compiled)]
    private static string StatusOf(EventRow row)
    {
        Cell status = row.Get(EventField.Status);
        if (!status.IsBlank)
        {
            return FieldParser.Word(status, EventField.Status, SpanStatus.All);
        }

        bool failed = !row.Get(EventField.Error).IsBlank || !row.Get(EventField.ErrorMessage).IsBlank || !row.Get(EventField.ErrorType).IsBlank;
        return failed ? SpanStatus.Error : SpanStatus.Ok;
    }
}
