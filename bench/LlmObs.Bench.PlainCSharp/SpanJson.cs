using System.Buffers.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CsvHelper;

namespace LlmObs.Bench.PlainCSharp;

/// <summary>Writes the request's JSON. Cells go from the reader's buffer to the writer's without becoming strings.</summary>
internal static class SpanJson
{
    private static readonly JsonEncodedText Data = Encode("data");
    private static readonly JsonEncodedText Type = Encode("type");
    private static readonly JsonEncodedText Events = Encode("events");
    private static readonly JsonEncodedText Attributes = Encode("attributes");
    private static readonly JsonEncodedText Spans = Encode("spans");
    private static readonly JsonEncodedText TraceId = Encode("trace_id");
    private static readonly JsonEncodedText SpanId = Encode("span_id");
    private static readonly JsonEncodedText ProjectId = Encode("project_id");
    private static readonly JsonEncodedText DatasetId = Encode("dataset_id");
    private static readonly JsonEncodedText Project = Encode("bench-project");
    private static readonly JsonEncodedText Dataset = Encode("bench-dataset");
    private static readonly JsonEncodedText Name = Encode("name");
    private static readonly JsonEncodedText Start = Encode("start_ns");
    private static readonly JsonEncodedText Duration = Encode("duration");
    private static readonly JsonEncodedText Status = Encode("status");
    private static readonly JsonEncodedText Tags = Encode("tags");
    private static readonly JsonEncodedText Meta = Encode("meta");
    private static readonly JsonEncodedText Input = Encode("input");
    private static readonly JsonEncodedText Output = Encode("output");
    private static readonly JsonEncodedText ExpectedOutput = Encode("expected_output");
    private static readonly JsonEncodedText Error = Encode("error");
    private static readonly JsonEncodedText Message = Encode("message");

    public static void WriteOpening(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartObject(Data);
        json.WriteString(Type, Events);
        json.WriteStartObject(Attributes);
        json.WriteStartArray(Spans);
    }

    public static void WriteClosing(Utf8JsonWriter json)
    {
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, CsvReader csv, SpanColumns columns)
    {
        json.WriteStartObject();
        json.WriteString(TraceId, csv.GetSpan(columns.TraceId));
        json.WriteString(SpanId, csv.GetSpan(columns.SpanId));
        json.WriteString(ProjectId, Project);
        json.WriteString(DatasetId, Dataset);
        json.WriteString(Name, csv.GetSpan(columns.Name));
        json.WriteNumber(Start, Number(csv.GetSpan(columns.Start)));
        json.WriteNumber(Duration, Number(csv.GetSpan(columns.Duration)));
        json.WriteString(Status, csv.GetSpan(columns.Status));
        WriteTags(json, csv.GetSpan(columns.Tags));
        json.WriteStartObject(Meta);
        json.WriteString(Input, csv.GetSpan(columns.Input));
        json.WriteString(Output, csv.GetSpan(columns.Output));
        WriteGiven(json, ExpectedOutput, csv.GetSpan(columns.ExpectedOutput));
        WriteError(json, csv.GetSpan(columns.ErrorMessage), csv.GetSpan(columns.ErrorType));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteTags(Utf8JsonWriter json, ReadOnlySpan<byte> tags)
    {
        if (tags.IsEmpty)
        {
            return;
        }

        json.WriteStartArray(Tags);
        foreach (Range tag in tags.Split((byte)','))
        {
            json.WriteStringValue(tags[tag]);
        }

        json.WriteEndArray();
    }

    private static void WriteError(Utf8JsonWriter json, ReadOnlySpan<byte> message, ReadOnlySpan<byte> type)
    {
        if (message.IsEmpty && type.IsEmpty)
        {
            return;
        }

        json.WriteStartObject(Error);
        WriteGiven(json, Message, message);
        WriteGiven(json, Type, type);
        json.WriteEndObject();
    }

    private static void WriteGiven(Utf8JsonWriter json, JsonEncodedText name, ReadOnlySpan<byte> value)
    {
        if (!value.IsEmpty)
        {
            json.WriteString(name, value);
        }
    }

    private static long Number(ReadOnlySpan<byte> text) =>
        Utf8Parser.TryParse(text, out long number, out int read) && read == text.Length ? number : throw new FormatException("A number was expected.");

    private static JsonEncodedText Encode(string text) => JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
}
