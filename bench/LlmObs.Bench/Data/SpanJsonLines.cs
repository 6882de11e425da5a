using System.Text.Encodings.Web;
using System.Text.Json;

namespace LlmObs.Bench.Data;

/// <summary>Writes spans as JSON Lines, shaped as the API has them.</summary>
internal sealed class SpanJsonLines(Stream stream) : IDisposable
{
    private readonly Utf8JsonWriter json = new(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });

    public void Write(SpanRecord span)
    {
        json.WriteStartObject();
        json.WriteString("trace_id", span.TraceId);
        json.WriteString("span_id", span.SpanId);
        json.WriteString("name", span.Name);
        json.WriteNumber("start_ns", span.Start);
        json.WriteNumber("duration", span.Duration);
        json.WriteString("status", span.Status);
        if (span.OwnTags.Length > 0)
        {
            json.WriteStartArray("tags");
            foreach (string tag in span.OwnTags)
            {
                json.WriteStringValue(tag);
            }

            json.WriteEndArray();
        }

        json.WriteStartObject("meta");
        json.WriteString("input", span.Input);
        json.WriteString("output", span.Output);
        if (span.ExpectedOutput.Length > 0)
        {
            json.WriteString("expected_output", span.ExpectedOutput);
        }

        if (span.ErrorMessage.Length > 0)
        {
            json.WriteStartObject("error");
            json.WriteString("message", span.ErrorMessage);
            json.WriteString("type", span.ErrorType);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        json.Reset();
        stream.WriteByte((byte)'\n');
    }

    public void Dispose() => json.Dispose();
}
