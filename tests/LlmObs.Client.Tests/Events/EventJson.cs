using System.Text;

namespace LlmObs.Client.Tests;

/// <summary>The JSON of a row in a request.</summary>
internal static class EventJson
{
    public const string SpanStart =
        "\"trace_id\":\"t\",\"span_id\":\"s\",\"project_id\":\"p\",\"dataset_id\":\"d\",\"name\":\"n\",\"start_ns\":1700000000000000000,\"duration\":5";

    public const string MetricStart = "\"span_id\":\"s\",\"label\":\"l\",\"timestamp_ms\":1700000000000";

    public static string Write(EventRow row, EventKind? kind = null, EventDefaults? defaults = null, TimeProvider? time = null)
    {
        using var writer = new EventWriter(defaults ?? new EventDefaults(), HostObjectJson.Default, time ?? new WaitlessTime());
        using var buffer = new PooledBuffer();
        writer.Write(row, kind ?? writer.KindOf(row), buffer);
        return Encoding.UTF8.GetString(buffer.Written.Span);
    }

    public static string Write(string json, EventKind? kind = null, EventDefaults? defaults = null) => Write(Row(json), kind, defaults);

    public static EventRowException Refusal(EventRow row, EventKind? kind = null, EventDefaults? defaults = null) =>
        Assert.Throws<EventRowException>(() => Write(row, kind, defaults));

    public static EventRowException Refusal(string json, EventKind? kind = null) => Assert.Throws<EventRowException>(() => Write(Row(json), kind));

    public static JsonRow Row(string json)
    {
        var row = new JsonRow();
        Assert.True(row.TryLoad(Encoding.UTF8.GetBytes(json), new RowPlace(null, 1)));
        return row;
    }

    /// <summary>A JSON object: members that make a span complete, and more of them.</summary>
    public static string Span(string more) => "{" + SpanStart + (more.Length > 0 ? "," + more : "") + "}";

    public static string Metric(string more) => "{" + MetricStart + (more.Length > 0 ? "," + more : "") + "}";
}
