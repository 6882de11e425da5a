using CsvHelper;

namespace LlmObs.Bench.PlainCSharp;

/// <summary>The positions of the file's columns.</summary>
internal sealed class SpanColumns(CsvReader csv)
{
    public int TraceId { get; } = csv.GetFieldIndex("trace_id");

    public int SpanId { get; } = csv.GetFieldIndex("span_id");

    public int Name { get; } = csv.GetFieldIndex("name");

    public int Start { get; } = csv.GetFieldIndex("start_ns");

    public int Duration { get; } = csv.GetFieldIndex("duration");

    public int Status { get; } = csv.GetFieldIndex("status");

    public int Input { get; } = csv.GetFieldIndex("input");

    public int Output { get; } = csv.GetFieldIndex("output");

    public int ExpectedOutput { get; } = csv.GetFieldIndex("expected_output");

    public int ErrorMessage { get; } = csv.GetFieldIndex("error_message");

    public int ErrorType { get; } = csv.GetFieldIndex("error_type");

    public int Tags { get; } = csv.GetFieldIndex("tags");
}
