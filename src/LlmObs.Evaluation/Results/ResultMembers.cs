using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace LlmObs.Evaluation.Results;

/// <summary>Writes the members of a result file's objects. A member without a value is left out.</summary>
/// <param name="json">The writer.</param>
internal sealed class ResultMembers(Utf8JsonWriter json)
{
    public void Row(ResultRow row)
    {
        json.WriteString("record_id", row.RecordId);
        Text("run_id", row.RunId);
        json.WriteNumber("run_iteration", row.RunIteration);
        Text("span_id", row.SpanId);
        Text("trace_id", row.TraceId);
        Text("span_name", row.SpanName);
        Text("parent_experiment_span_id", row.ParentSpanId);
        Whole("start_ns", row.StartNs);
        Whole("duration", row.DurationNs);
        Raw("input", row.Input);
        Raw("expected_output", row.ExpectedOutput);
        Raw("output", row.Output);
        Raw("metadata", row.Metadata);
        Texts("tags", row.Tags);
        json.WriteString("status", row.Status);
        Error(row.Error);
        Whole("input_tokens", row.InputTokenCount);
        Whole("output_tokens", row.OutputTokenCount);
        if (row.CostUsd is decimal cost)
        {
            json.WriteNumber("cost_usd", cost);
        }

        json.WriteBoolean("from_cache", row.FromCache);
        Evaluations(row.Evaluations);
    }

    public void Evaluations(IReadOnlyList<ResultEvaluation> evaluations)
    {
        json.WriteStartObject("evaluations");
        foreach (ResultEvaluation evaluation in evaluations)
        {
            json.WriteStartObject(evaluation.Label);
            Text("evaluator", evaluation.Evaluator);
            Text("metric_type", evaluation.MetricType);
            Raw("value", evaluation.Value);
            Text("assessment", evaluation.Assessment);
            Text("reasoning", evaluation.Reasoning);
            Error(evaluation.Error);
            Raw("metadata", evaluation.Metadata);
            Texts("tags", evaluation.Tags);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    public void Error(RowError? error)
    {
        if (error is not null)
        {
            json.WriteStartObject("error");
            json.WriteString("message", error.Message);
            Text("type", error.Type);
            Text("stack", error.Stack);
            json.WriteEndObject();
        }
    }

    public void Texts(string name, IReadOnlyList<string> texts)
    {
        if (texts.Count > 0)
        {
            json.WriteStartArray(name);
            foreach (string text in texts)
            {
                json.WriteStringValue(text);
            }

            json.WriteEndArray();
        }
    }

    public void Text(string name, string? text)
    {
        if (text is not null)
        {
            json.WriteString(name, text);
        }
    }

    public void Whole(string name, long? number)
    {
        if (number is long given)
        {
            json.WriteNumber(name, given);
        }
    }

    public void Time(string name, DateTimeOffset? time)
    {
        if (time is DateTimeOffset given)
        {
            json.WriteString(name, given.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture));
        }
    }

    public void Raw(string name, RawJson value)
    {
        if (!value.IsMissing)
        {
            json.WritePropertyName(name);
            json.WriteRawValue(value.Utf8.Span, skipInputValidation: true);
        }
    }
}

/// <summary>The JSON format of the result file.</summary>
internal static class ResultJson
{
    /// <summary>Nesting deeper than this was refused when the value was written.</summary>
    private const int MaxDepth = 160;

    public static JsonSerializerOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = MaxDepth };

    public static JsonWriterOptions WriterOptions { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = MaxDepth };

    public static JsonReaderOptions ReaderOptions { get; } = new() { MaxDepth = MaxDepth };

    public static JsonDocumentOptions DocumentOptions { get; } = new() { MaxDepth = MaxDepth };

    /// <summary>Why something is no JSON, without the parser's own count of lines and without a full stop.</summary>
    public static string Reason(Exception exception) => exception.Message.Split(" LineNumber:", 2)[0].Split(" Path:", 2)[0].TrimEnd('.', ' ', '|');
}
