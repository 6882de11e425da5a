using System.Globalization;
using System.Text.Json.Nodes;

namespace LlmObs.Emulator.Tests.Support;

/// <summary>Request bodies that are right, to be made wrong in one place.</summary>
internal static class Bodies
{
    public static long NowMs => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    public static string Data(string type, string attributes) => $$$"""{"data":{"type":"{{{type}}}","attributes":{{{attributes}}}}}""";

    public static string Spans(params string[] spans) => $$"""{"spans":[{{string.Join(',', spans)}}]}""";

    public static string Metrics(params string[] metrics) => $$"""{"metrics":[{{string.Join(',', metrics)}}]}""";

    public static string Span(string spanId = "s1", string more = "") => $$"""
        {"trace_id":"t-{{spanId}}","span_id":"{{spanId}}","project_id":"project","dataset_id":"dataset","name":"answer",
        "start_ns":1705314600000000000,"duration":1500000000,"status":"ok"{{more}}}
        """;

    public static string Metric(string spanId = "s1", string label = "faithfulness", string more = ",\"score_value\":0.5", long? at = null) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"span_id":"{{spanId}}","label":"{{label}}","metric_type":"score","timestamp_ms":{{at ?? NowMs}}{{more}}}""");

    /// <summary>A JSON object with one member set to some JSON, or taken away.</summary>
    public static string With(string json, string name, string? value)
    {
        JsonObject node = JsonNode.Parse(json)!.AsObject();
        node.Remove(name);
        if (value is not null)
        {
            node[name] = JsonNode.Parse(value);
        }

        return node.ToJsonString();
    }
}
