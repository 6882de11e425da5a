using System.Text.Json;

namespace LlmObs.Emulator.Events;

/// <summary>Checks one metric. Members that the documents do not name are kept unread.</summary>
internal static class MetricReader
{
    private const int SpanId = 0;
    private const int Label = 1;
    private const int Type = 2;
    private const int Timestamp = 3;
    private const int Score = 4;
    private const int Category = 5;
    private const int Boolean = 6;
    private const int Json = 7;
    private const int Assessment = 8;
    private const int Reasoning = 9;
    private const int Tags = 10;
    private const int Metadata = 11;
    private const int Error = 12;
    private const int Source = 13;

    public static Problem? Read(ref Utf8JsonReader reader, int index, EventRules rules, out ParsedMetric metric)
    {
        metric = default;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return Problem.WrongType(
                "metrics", "a list of objects", BodyJson.NameOf(reader.TokenType), FormattableString.Invariant($"/data/attributes/metrics/{index}"));
        }

        metric.Start = (int)reader.TokenStartIndex;
        bool isSummary = false;
        var fields = new EventMembers("metrics", index);
        while (fields.Problem is null && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            ReadMember(ref reader, ref fields, ref metric, ref isSummary);
        }

        if (fields.Problem is not null)
        {
            return fields.Problem;
        }

        metric.Length = (int)reader.BytesConsumed - metric.Start;
        fields.Require("span_id", SpanId);
        fields.Require("label", Label);
        fields.Require("metric_type", Type);
        fields.Require("timestamp_ms", Timestamp);
        if (fields.Problem is null && metric.SpanId.Length == 0 && !isSummary)
        {
            fields.Refuse("span_id", "'span_id' must not be empty, except where 'metric_source' is 'summary'.");
        }

        return fields.Problem ?? (rules.Refuses(metric.TimestampMs) ? EventRules.TooOld : null);
    }

    private static void ReadMember(
        ref Utf8JsonReader reader, ref EventMembers fields, ref ParsedMetric metric, ref bool isSummary)
    {
        if (reader.ValueTextEquals("span_id"u8))
        {
            if (fields.Enter(ref reader, "span_id", SpanId))
            {
                metric.SpanId = fields.Text(ref reader, "span_id");
            }
        }
        else if (reader.ValueTextEquals("label"u8))
        {
            if (fields.Enter(ref reader, "label", Label))
            {
                metric.Label = fields.Text(ref reader, "label", mayBeEmpty: false);
            }
        }
        else if (reader.ValueTextEquals("metric_type"u8))
        {
            if (fields.Enter(ref reader, "metric_type", Type))
            {
                metric.Type = ReadType(ref reader, ref fields);
            }
        }
        else if (reader.ValueTextEquals("timestamp_ms"u8))
        {
            if (fields.Enter(ref reader, "timestamp_ms", Timestamp))
            {
                metric.TimestampMs = fields.Integer(ref reader, "timestamp_ms");
            }
        }
        else if (reader.ValueTextEquals("assessment"u8))
        {
            if (fields.Enter(ref reader, "assessment", Assessment))
            {
                metric.Assessment = ReadAssessment(ref reader, ref fields);
            }
        }
        else if (reader.ValueTextEquals("metric_source"u8))
        {
            if (fields.Enter(ref reader, "metric_source", Source) && fields.Expect(ref reader, "metric_source", JsonTokenType.String))
            {
                isSummary = reader.ValueTextEquals("summary"u8);
            }
        }
        else
        {
            ReadValue(ref reader, ref fields, ref metric);
        }
    }

    private static void ReadValue(ref Utf8JsonReader reader, ref EventMembers fields, ref ParsedMetric metric)
    {
        if (reader.ValueTextEquals("score_value"u8))
        {
            if (fields.Enter(ref reader, "score_value", Score))
            {
                metric.Score = fields.Number(ref reader, "score_value");
            }
        }
        else if (reader.ValueTextEquals("categorical_value"u8))
        {
            if (fields.Enter(ref reader, "categorical_value", Category))
            {
                metric.Category = fields.Text(ref reader, "categorical_value");
            }
        }
        else if (reader.ValueTextEquals("boolean_value"u8))
        {
            if (fields.Enter(ref reader, "boolean_value", Boolean))
            {
                metric.Boolean = fields.Boolean(ref reader, "boolean_value");
            }
        }
        else if (reader.ValueTextEquals("json_value"u8))
        {
            if (fields.Enter(ref reader, "json_value", Json))
            {
                fields.Object(ref reader, "json_value");
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
        if (reader.ValueTextEquals("reasoning"u8))
        {
            if (fields.Enter(ref reader, "reasoning", Reasoning))
            {
                fields.Text(ref reader, "reasoning");
            }
        }
        else if (reader.ValueTextEquals("tags"u8))
        {
            if (fields.Enter(ref reader, "tags", Tags))
            {
                fields.Tags(ref reader);
            }
        }
        else if (reader.ValueTextEquals("metadata"u8))
        {
            if (fields.Enter(ref reader, "metadata", Metadata))
            {
                fields.Object(ref reader, "metadata");
            }
        }
        else if (reader.ValueTextEquals("error"u8))
        {
            if (fields.Enter(ref reader, "error", Error))
            {
                fields.ObjectOfTexts(ref reader, "error", "message");
            }
        }
        else
        {
            reader.Read();
            reader.Skip();
        }
    }

    private static EventWord ReadType(ref Utf8JsonReader reader, ref EventMembers fields)
    {
        if (!fields.Expect(ref reader, "metric_type", JsonTokenType.String))
        {
            return EventWord.None;
        }

        EventWord word = EventWords.OfType(ref reader);
        if (word == EventWord.None)
        {
            fields.Refuse(
                "metric_type", $"'metric_type' must be one of {string.Join(", ", MetricType.All)}, not '{reader.GetString()}'.");
        }

        return word;
    }

    private static EventWord ReadAssessment(ref Utf8JsonReader reader, ref EventMembers fields)
    {
        if (!fields.Expect(ref reader, "assessment", JsonTokenType.String))
        {
            return EventWord.None;
        }

        EventWord word = EventWords.OfAssessment(ref reader);
        if (word == EventWord.None)
        {
            fields.Refuse(
                "assessment", $"'assessment' must be one of {string.Join(", ", MetricAssessment.All)}, not '{reader.GetString()}'.");
        }

        return word;
    }
}
