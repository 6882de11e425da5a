using System.Text.Json;

namespace LlmObs.Emulator.Events;

/// <summary>Checks one span. Members that the documents do not name are kept unread.</summary>
internal static class SpanReader
{
    private const int SpanId = 0;
    private const int TraceId = 1;
    private const int Name = 2;
    private const int Status = 3;
    private const int StartNs = 4;
    private const int Duration = 5;
    private const int ProjectId = 6;
    private const int DatasetId = 7;
    private const int Tags = 8;
    private const int Meta = 9;

    public static Problem? Read(ref Utf8JsonReader reader, int index, out ParsedSpan span)
    {
        span = default;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return Problem.WrongType(
                "spans", "a list of objects", BodyJson.NameOf(reader.TokenType), FormattableString.Invariant($"/data/attributes/spans/{index}"));
        }

        span.Start = (int)reader.TokenStartIndex;
        var fields = new EventMembers("spans", index);
        while (fields.Problem is null && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            ReadMember(ref reader, ref fields, ref span);
        }

        if (fields.Problem is not null)
        {
            return fields.Problem;
        }

        span.Length = (int)reader.BytesConsumed - span.Start;
        fields.Require("trace_id", TraceId);
        fields.Require("span_id", SpanId);
        fields.Require("project_id", ProjectId);
        fields.Require("dataset_id", DatasetId);
        fields.Require("name", Name);
        fields.Require("start_ns", StartNs);
        fields.Require("duration", Duration);
        fields.Require("status", Status);
        return fields.Problem;
    }

    private static void ReadMember(ref Utf8JsonReader reader, ref EventMembers fields, ref ParsedSpan span)
    {
        if (reader.ValueTextEquals("span_id"u8))
        {
            if (fields.Enter(ref reader, "span_id", SpanId))
            {
                span.SpanId = fields.Text(ref reader, "span_id", mayBeEmpty: false);
            }
        }
        else if (reader.ValueTextEquals("name"u8))
        {
            if (fields.Enter(ref reader, "name", Name))
            {
                span.Name = fields.Text(ref reader, "name", mayBeEmpty: false);
            }
        }
        else if (reader.ValueTextEquals("start_ns"u8))
        {
            if (fields.Enter(ref reader, "start_ns", StartNs))
            {
                span.StartNs = fields.Integer(ref reader, "start_ns", least: 0);
            }
        }
        else if (reader.ValueTextEquals("duration"u8))
        {
            if (fields.Enter(ref reader, "duration", Duration))
            {
                span.DurationNs = fields.Integer(ref reader, "duration", least: 0);
            }
        }
        else if (reader.ValueTextEquals("status"u8))
        {
            if (fields.Enter(ref reader, "status", Status))
            {
                span.IsError = ReadStatus(ref reader, ref fields);
            }
        }
        else if (reader.ValueTextEquals("meta"u8))
        {
            if (fields.Enter(ref reader, "meta", Meta))
            {
                ReadMeta(ref reader, ref fields);
            }
        }
        else
        {
            ReadPlainMember(ref reader, ref fields);
        }
    }

    /// <summary>Members that are only checked here and read again when they are asked for.</summary>
    private static void ReadPlainMember(ref Utf8JsonReader reader, ref EventMembers fields)
    {
        if (reader.ValueTextEquals("trace_id"u8))
        {
            if (fields.Enter(ref reader, "trace_id", TraceId))
            {
                fields.Text(ref reader, "trace_id", mayBeEmpty: false);
            }
        }
        else if (reader.ValueTextEquals("project_id"u8))
        {
            if (fields.Enter(ref reader, "project_id", ProjectId))
            {
                fields.Text(ref reader, "project_id");
            }
        }
        else if (reader.ValueTextEquals("dataset_id"u8))
        {
            if (fields.Enter(ref reader, "dataset_id", DatasetId))
            {
                fields.Text(ref reader, "dataset_id");
            }
        }
        else if (reader.ValueTextEquals("tags"u8))
        {
            if (fields.Enter(ref reader, "tags", Tags))
            {
                fields.Tags(ref reader);
            }
        }
        else
        {
            reader.Read();
            reader.Skip();
        }
    }

    private static bool ReadStatus(ref Utf8JsonReader reader, ref EventMembers fields)
    {
        if (!fields.Expect(ref reader, "status", JsonTokenType.String))
        {
            return false;
        }

        bool isError = reader.ValueTextEquals("error"u8);
        if (!isError && !reader.ValueTextEquals("ok"u8))
        {
            fields.Refuse("status", $"'status' must be one of {string.Join(", ", SpanStatus.All)}, not '{reader.GetString()}'.");
        }

        return isError;
    }

    /// <summary>Input, output and expected output may be anything: the live service takes scalars in all three.</summary>
    private static void ReadMeta(ref Utf8JsonReader reader, ref EventMembers fields)
    {
        if (!fields.Expect(ref reader, "meta", JsonTokenType.StartObject))
        {
            return;
        }

        while (fields.Problem is null && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isError = reader.ValueTextEquals("error"u8);
            reader.Read();
            if (isError && reader.TokenType != JsonTokenType.Null)
            {
                fields.ObjectOfTexts(ref reader, "meta/error", "message", "stack", "type");
            }
            else
            {
                reader.Skip();
            }
        }
    }
}
