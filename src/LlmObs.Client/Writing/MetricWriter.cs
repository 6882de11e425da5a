using System.Runtime.CompilerServices;

namespace LlmObs.Client.Writing;

/// <summary>Writes a row as a metric.</summary>
internal sealed class MetricWriter(CellWriter cells, EventDefaults defaults, TimeProvider time, EventWarnings doubts, string? experimentId = null)
{
    private const string SummarySource = "summary";

    private static readonly (EventField Field, string Type)[] Values =
    [
        (EventField.ScoreValue, MetricType.Score), (EventField.CategoricalValue, MetricType.Categorical),
        (EventField.BooleanValue, MetricType.Boolean), (EventField.JsonValue, MetricType.Json),
    ];

    private readonly TagWriter _tags = new(cells, defaults.Tags);

    [MethodImpl(HotPath.FullyOptimized)]
    public void Write(EventRow row)
    {
        JsonAppender json = cells.Json;
        WriteSpanId(row);
        WriteLabel(row);
        WriteValue(row);

        // The service refuses measurements older than a day, so a table without a time column is measured now.
        Cell timestamp = row.Get(EventField.Timestamp);
        json.Raw(",\"timestamp_ms\":"u8);
        DateTimeOffset now = time.GetUtcNow();
        long measured = timestamp.IsBlank ? now.ToUnixTimeMilliseconds() : FieldParser.TimestampMs(timestamp);
        json.Number(measured);
        doubts.OfTime(measured, now, row.Place);

        Cell assessment = row.Get(EventField.Assessment);
        if (!assessment.IsBlank)
        {
            json.Raw(",\"assessment\":"u8);
            cells.HostText(FieldParser.Word(assessment, EventField.Assessment, MetricAssessment.All), EventField.Assessment);
        }

        cells.OptionalText(row, EventField.Reasoning, ",\"reasoning\":"u8);
        if (ErrorWriter.IsGiven(row))
        {
            json.Raw(",\"error\":"u8);
            ErrorWriter.Write(cells, row, withTypeAndStack: defaults.AreOfRun);
        }

        Cell metadata = row.Get(EventField.Metadata);
        if (!metadata.IsBlank)
        {
            json.Raw(",\"metadata\":"u8);
            cells.Object(metadata, "metadata");
        }

        _tags.Write(row);
        cells.OptionalText(row, EventField.TraceId, ",\"trace_id\":"u8);
        cells.OptionalText(row, EventField.MetricSource, ",\"metric_source\":"u8);
        if (defaults.AreOfRun)
        {
            WriteRun(row);
        }

        json.Byte('}');
    }

    private void WriteRun(EventRow row)
    {
        cells.Json.Raw(",\"experiment_id\":"u8);
        cells.HostText(experimentId!, EventField.ExperimentId);
        cells.Json.Raw(ErrorWriter.IsGiven(row) ? ",\"status\":\"ERROR\""u8 : ",\"status\":\"OK\""u8);
        if (row.Get(EventField.TraceId).IsBlank)
        {
            cells.Json.Raw(",\"trace_id\":\"\""u8); // as the empty span_id of a summary
        }
    }

    // A summary of a whole experiment measures no span; the live service takes an empty id for it.
    private void WriteSpanId(EventRow row)
    {
        Cell source = row.Get(EventField.MetricSource);
        bool summary = !source.IsBlank && FieldParser.Text(source, EventField.MetricSource) == SummarySource;
        cells.RequiredText(row, EventField.SpanId, "{\"span_id\":"u8, summary ? string.Empty : null);
    }

    [MethodImpl(HotPath.FullyOptimized)]
    private void WriteLabel(EventRow row)
    {
        ReadOnlySpan<byte> name = ",\"label\":"u8;
        int label = cells.Json.Length + name.Length;
        cells.RequiredText(row, EventField.Label, name);
        doubts.OfLabel(cells.Json.From(label), row.Get(EventField.Label), row.Place);
    }

    [MethodImpl(HotPath.FullyOptimized)]
    private void WriteValue(EventRow row)
    {
        (EventField Field, string Type)? given = null;
        foreach ((EventField field, string type) in Values)
        {
            if (!row.Get(field).IsBlank)
            {
                given = given is null
                    ? (field, type)
                    : throw EventRowException.For(field, $"is given in addition to {FieldNames.ApiName(given.Value.Field)}; a metric has one value");
            }
        }

        string? said = row.Get(EventField.MetricType) is { IsBlank: false } cell
            ? FieldParser.Word(cell, EventField.MetricType, MetricType.All)
            : null;
        Cell plain = row.Get(EventField.Value);
        if (given is null && !plain.IsBlank)
        {
            Write(said ?? TypeOf(plain, FieldNames.ApiName(EventField.Value)), plain, EventField.Value);
        }
        else if (given is var (field, type))
        {
            if (said is not null && said != type)
            {
                throw EventRowException.For(EventField.MetricType, $"is {said}, but the row has {FieldNames.ApiName(field)}");
            }

            if (!plain.IsBlank)
            {
                ValueAgreement.Check(row, field, type);
            }

            Write(type, row.Get(field), field);
        }
        else if (said is not null && (defaults.AreOfRun || ErrorWriter.IsGiven(row)))
        {
            WriteType(said); // the evaluator failed: it has an error instead of a value
        }
        else
        {
            throw new EventRowException(said is null ? "value" : said + "_value", "is missing");
        }
    }

    /// <summary>The type of a value without one: a number, true or false, a JSON object, otherwise a word.</summary>
    /// <exception cref="EventRowException">It is a list, a point in time or a length of time, which no type of metric holds.</exception>
    internal static string TypeOf(in Cell value, string name)
    {
        string? other = value.Kind switch
        {
            CellKind.Time => "a point in time",
            CellKind.Duration => "a length of time",
            _ => value.IsList ? "a list" : null,
        };
        if (other is not null)
        {
            throw new EventRowException(name, $"is {other}, {value.ToString()}, but a metric is a number, text, true or false, or a JSON object");
        }

        if (value.Kind is CellKind.Integer or CellKind.Number)
        {
            return MetricType.Score;
        }

        if (value.Kind == CellKind.Boolean)
        {
            return MetricType.Boolean;
        }

        if (!value.TryGetText(out string text))
        {
            return MetricType.Json;
        }

        text = text.Trim();
        if (double.TryParse(text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out _))
        {
            return MetricType.Score;
        }

        return bool.TryParse(text, out _) ? MetricType.Boolean : text.StartsWith('{') ? MetricType.Json : MetricType.Categorical;
    }

    private void WriteType(string type)
    {
        cells.Json.Raw(",\"metric_type\":"u8);
        cells.HostText(type, EventField.MetricType);
    }

    [MethodImpl(HotPath.FullyOptimized)]
    private void Write(string type, in Cell value, EventField field)
    {
        JsonAppender json = cells.Json;
        WriteType(type);
        switch (type)
        {
            case MetricType.Score:
                json.Raw(",\"score_value\":"u8);
                json.Number(FieldParser.Score(value, field));
                break;
            case MetricType.Boolean:
                json.Raw(",\"boolean_value\":"u8);
                json.Boolean(FieldParser.Boolean(value, field));
                break;
            case MetricType.Categorical:
                json.Raw(",\"categorical_value\":"u8);
                cells.Text(value, field);
                break;
            default:
                json.Raw(",\"json_value\":"u8);
                cells.Object(value, FieldNames.ApiName(field));
                break;
        }
    }
}

/// <summary>Checks that <c>value</c> equals the value of a type, if a row has both.</summary>
internal static class ValueAgreement
{
    /// <exception cref="EventRowException">They differ.</exception>
    public static void Check(EventRow row, EventField field, string type)
    {
        // Of an object, what shows it is seldom more than its beginning.
        if (type == MetricType.Json || row.Get(EventField.Value).IsBlank)
        {
            return;
        }

        object shown = Read(row, EventField.Value, type);
        if (!shown.Equals(Read(row, field, type)))
        {
            string other = $"{FieldNames.ApiName(field)} is {Shown(row, field)}";
            throw EventRowException.For(EventField.Value, $"is {Shown(row, EventField.Value)}, and {other}; leave one out");
        }
    }

    private static object Read(EventRow row, EventField field, string type) => type switch
    {
        MetricType.Score => FieldParser.Score(row.Get(field), field),
        MetricType.Boolean => FieldParser.Boolean(row.Get(field), field),
        _ => FieldParser.Text(row.Get(field), field),
    };

    private static string Shown(EventRow row, EventField field) => row.Get(field).ToString();
}
