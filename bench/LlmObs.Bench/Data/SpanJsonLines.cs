using System.Text.Encodings.Web;
using System.Text.Json;

namespace LlmObs.Bench.Data;

/// <summary>Writes spans as JSON Lines, shaped as the API has them.</summary>
internal sealed class SpanJsonLines(Stream stream) : IDisposable
{
    private readonly Utf8JsonWriter _json = new(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });

    public void Write(SpanRecord span)
    {
        _json.WriteStartObject();
        _json.WriteString("trace_id", span.TraceId);
        _json.WriteString("span_id", span.SpanId);
        _json.WriteString("name", span.Name);
        _json.WriteNumber("start_ns", span.Start);
        _json.WriteNumber("duration", span.Duration);
        _json.WriteString("status", span.Status);
        if (span.OwnTags.Length > 0)
        {
            _json.WriteStartArray("tags");
            foreach (string tag in span.OwnTags)
            {
                _json.WriteStringValue(tag);
            }

            _json.WriteEndArray();
        }

        _json.WriteStartObject("meta");
        _json.WriteString("input", span.Input);
        _json.WriteString("output", span.Output);
        if (span.ExpectedOutput.Length > 0)
        {
            _json.WriteString("expected_output", span.ExpectedOutput);
        }

        if (span.ErrorMessage.Length > 0)
        {
            _json.WriteStartObject("error");
            _json.WriteString("message", span.ErrorMessage);
            _json.WriteString("type", span.ErrorType);
            _json.WriteEndObject();
        }

        _json.WriteEndObject();
        _json.WriteEndObject();
        _json.Flush();
        _json.Reset();
        stream.WriteByte((byte)'\n');
    }

    public void Dispose() => _json.Dispose();
}
