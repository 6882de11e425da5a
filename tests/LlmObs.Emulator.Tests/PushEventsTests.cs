using System.Text;
using System.Text.Json;
using LlmObs.Emulator.Tests.Support;

namespace LlmObs.Emulator.Tests;

public sealed class PushEventsTests : IAsyncLifetime
{
    private readonly TestEmulator _emulator = new();
    private string _id = string.Empty;

    public async Task InitializeAsync() => _id = await _emulator.ExperimentAsync();

    public async Task DisposeAsync() => await _emulator.DisposeAsync();

    [Theory]
    [InlineData("events")]
    [InlineData("experiments")]
    public async Task Answers_202_with_an_empty_body_for_both_types(string type)
    {
        Reply reply = await _emulator.PushAsync(_id, $$"""{"spans":[{{Bodies.Span()}}],"metrics":[{{Bodies.Metric()}}]}""", type);

        Assert.Equal(202, reply.Status);
        Assert.Empty(reply.Body);
        Assert.Equal(1, _emulator.Store.SpanCount);
        Assert.Equal(1, _emulator.Store.MetricCount);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"spans":[],"metrics":[]}""")]
    [InlineData("""{"spans":null,"metrics":null}""")]
    public async Task Takes_a_request_without_events(string attributes) =>
        Assert.Equal(202, (await _emulator.PushAsync(_id, attributes)).Status);

    [Fact]
    public async Task Keeps_events_in_order_and_as_they_were_sent()
    {
        string first = """{"span_id":"a","trace_id":"t","name":"n","project_id":"p","dataset_id":"d","start_ns":1,"duration":0,"status":"ok","unknown":{"x":[1.50,"é\u00e9"]}}""";
        await _emulator.PushAsync(_id, Bodies.Spans(first, Bodies.Span("b")));
        await _emulator.PushAsync(_id, Bodies.Metrics(Bodies.Metric("a", "one"), Bodies.Metric("a", "two")));
        await _emulator.PushAsync(_id, Bodies.Spans(Bodies.Span("c")));

        Assert.Equal(first, Encoding.UTF8.GetString(_emulator.Store.Spans(_id)[0].Span));
        Assert.Equal(["a", "b", "c"], _emulator.Store.Spans(_id).Select(span => Member(span, "span_id")));
        Assert.Equal(["one", "two"], _emulator.Store.Metrics(_id).Select(metric => Member(metric, "label")));
        Assert.Empty(_emulator.Store.Spans("nobody"));
        Assert.Empty(_emulator.Store.Metrics("nobody"));
    }

    [Theory]
    [InlineData("span_id", null)]
    [InlineData("span_id", "null")]
    [InlineData("span_id", "\"\"")]
    [InlineData("span_id", "1")]
    [InlineData("trace_id", null)]
    [InlineData("trace_id", "null")]
    [InlineData("trace_id", "[]")]
    [InlineData("project_id", null)]
    [InlineData("project_id", "1")]
    [InlineData("dataset_id", null)]
    [InlineData("dataset_id", "null")]
    [InlineData("dataset_id", "{}")]
    [InlineData("name", null)]
    [InlineData("name", "\"\"")]
    [InlineData("name", "false")]
    [InlineData("start_ns", null)]
    [InlineData("start_ns", "null")]
    [InlineData("start_ns", "\"1\"")]
    [InlineData("start_ns", "1.5")]
    [InlineData("start_ns", "1e400")]
    [InlineData("start_ns", "9223372036854775808")]
    [InlineData("start_ns", "-1")]
    [InlineData("duration", null)]
    [InlineData("duration", "\"1\"")]
    [InlineData("duration", "-1")]
    [InlineData("status", null)]
    [InlineData("status", "\"OK\"")]
    [InlineData("status", "\"failed\"")]
    [InlineData("status", "0")]
    [InlineData("tags", "\"a:b\"")]
    [InlineData("tags", "{}")]
    [InlineData("meta", "[]")]
    [InlineData("meta", "\"x\"")]
    public async Task Refuses_a_wrong_span_points_at_it_and_stores_nothing(string field, string? value)
    {
        string wrong = Bodies.With(Bodies.Span("bad"), field, value);

        Reply reply = await _emulator.PushAsync(
            _id, $$"""{"metrics":[{{Bodies.Metric()}}],"spans":[{{Bodies.Span("a")}},{{Bodies.Span("b")}},{{wrong}},{{Bodies.Span("c")}}]}""");

        reply.MustRefuse(400, "/data/attributes/spans/2/" + field);
        Assert.Equal(0, _emulator.Store.SpanCount);
        Assert.Equal(0, _emulator.Store.MetricCount);
    }

    [Theory]
    [InlineData("""{"tags":["a",1]}""", "tags/1")]
    [InlineData("""{"tags":[null]}""", "tags/0")]
    [InlineData("""{"meta":{"error":"x"}}""", "meta/error")]
    [InlineData("""{"meta":{"error":{"message":1}}}""", "meta/error/message")]
    [InlineData("""{"meta":{"input":1,"error":{"stack":[]}}}""", "meta/error/stack")]
    [InlineData("""{"meta":{"error":{"type":{}}}}""", "meta/error/type")]
    public async Task Points_into_a_span(string member, string pointer)
    {
        string name = JsonDocument.Parse(member).RootElement.EnumerateObject().First().Name;
        string value = JsonDocument.Parse(member).RootElement.GetProperty(name).GetRawText();

        Reply reply = await _emulator.PushAsync(_id, Bodies.Spans(Bodies.With(Bodies.Span(), name, value)));

        reply.MustRefuse(400, "/data/attributes/spans/0/" + pointer);
    }

    [Theory]
    [InlineData(",\"meta\":null,\"tags\":null")]
    [InlineData(",\"tags\":[]")]
    [InlineData(",\"meta\":{}")]
    [InlineData(",\"meta\":{\"expected_output\":\"scalar\"}")]
    [InlineData(",\"meta\":{\"expected_output\":5,\"metadata\":{\"model\":\"m\"}}")]
    [InlineData(",\"meta\":{\"input\":\"text\",\"output\":[1,{\"a\":null}]}")]
    [InlineData(",\"meta\":{\"input\":true,\"output\":null,\"expected_output\":{\"a\":1}}")]
    [InlineData(",\"meta\":{\"error\":{\"message\":\"m\",\"stack\":null,\"type\":\"t\",\"more\":1}}")]
    [InlineData(",\"parent_id\":\"undefined\",\"metrics\":{\"x\":1}")]
    public async Task Takes_what_the_live_service_takes_in_a_span(string more) =>
        Assert.Equal(202, (await _emulator.PushAsync(_id, Bodies.Spans(Bodies.Span(more: more)))).Status);

    [Theory]
    [InlineData("span_id", null)]
    [InlineData("span_id", "null")]
    [InlineData("span_id", "5")]
    [InlineData("span_id", "\"\"")]
    [InlineData("label", null)]
    [InlineData("label", "\"\"")]
    [InlineData("label", "{}")]
    [InlineData("metric_type", null)]
    [InlineData("metric_type", "null")]
    [InlineData("metric_type", "\"number\"")]
    [InlineData("metric_type", "1")]
    [InlineData("timestamp_ms", null)]
    [InlineData("timestamp_ms", "\"2026-01-01\"")]
    [InlineData("timestamp_ms", "1.5")]
    [InlineData("score_value", "\"0.5\"")]
    [InlineData("score_value", "true")]
    [InlineData("score_value", "1e400")]
    [InlineData("categorical_value", "5")]
    [InlineData("boolean_value", "\"true\"")]
    [InlineData("boolean_value", "1")]
    [InlineData("json_value", "\"{}\"")]
    [InlineData("json_value", "[]")]
    [InlineData("assessment", "\"ok\"")]
    [InlineData("assessment", "true")]
    [InlineData("reasoning", "1")]
    [InlineData("tags", "\"a\"")]
    [InlineData("metadata", "[]")]
    [InlineData("error", "\"x\"")]
    [InlineData("metric_source", "1")]
    public async Task Refuses_a_wrong_metric_points_at_it_and_stores_nothing(string field, string? value)
    {
        string wrong = Bodies.With(Bodies.Metric(), field, value);

        Reply reply = await _emulator.PushAsync(
            _id, $$"""{"spans":[{{Bodies.Span()}}],"metrics":[{{Bodies.Metric()}},{{wrong}},{{Bodies.Metric()}}]}""");

        reply.MustRefuse(400, "/data/attributes/metrics/1/" + field);
        Assert.Equal(0, _emulator.Store.SpanCount);
        Assert.Equal(0, _emulator.Store.MetricCount);
    }

    [Fact]
    public async Task Points_at_the_message_of_a_metrics_error() =>
        (await _emulator.PushAsync(_id, Bodies.Metrics(Bodies.Metric(more: ",\"error\":{\"message\":[]}"))))
            .MustRefuse(400, "/data/attributes/metrics/0/error/message");

    [Theory]
    [InlineData("")]
    [InlineData(",\"score_value\":null,\"categorical_value\":null,\"boolean_value\":null,\"json_value\":null")]
    [InlineData(",\"assessment\":null,\"reasoning\":null,\"tags\":null,\"metadata\":null,\"error\":null")]
    [InlineData(",\"score_value\":1,\"categorical_value\":\"a\",\"boolean_value\":false,\"json_value\":{}")]
    [InlineData(",\"assessment\":\"pass\",\"reasoning\":\"r\",\"tags\":[\"a:b\"],\"metadata\":{},\"error\":{\"message\":\"m\"}")]
    [InlineData(",\"metric_source\":\"custom\",\"trace_id\":\"t\",\"experiment_id\":\"e\",\"eval_source_type\":\"x\"")]
    public async Task Takes_what_the_live_service_takes_in_a_metric(string more) =>
        Assert.Equal(202, (await _emulator.PushAsync(_id, Bodies.Metrics(Bodies.Metric(more: more)))).Status);

    [Fact]
    public async Task A_summary_metric_needs_no_span() => Assert.Equal(
        202, (await _emulator.PushAsync(_id, Bodies.Metrics(Bodies.Metric(spanId: "", more: ",\"metric_source\":\"summary\",\"score_value\":1")))).Status);

    [Theory]
    [InlineData("{\"data\":{\"type\":\"events\",\"attributes\":{\"spans\":{}}}}", "/data/attributes/spans")]
    [InlineData("{\"data\":{\"type\":\"events\",\"attributes\":{\"metrics\":\"x\"}}}", "/data/attributes/metrics")]
    [InlineData("{\"data\":{\"type\":\"events\",\"attributes\":{\"spans\":[1]}}}", "/data/attributes/spans/0")]
    [InlineData("{\"data\":{\"type\":\"events\",\"attributes\":{\"metrics\":[null]}}}", "/data/attributes/metrics/0")]
    [InlineData("{\"data\":{\"type\":\"events\",\"attributes\":{\"metrics\":[],\"metrics\":[]}}}", "/data/attributes/metrics")]
    [InlineData("{\"data\":{\"type\":\"events\",\"attributes\":null}}", "/data/attributes")]
    [InlineData("{\"data\":{\"type\":\"events\",\"attributes\":[]}}", "/data/attributes")]
    [InlineData("{\"data\":{\"type\":\"events\"}}", "/data/attributes")]
    [InlineData("{\"data\":{\"attributes\":{}}}", "/data/type")]
    [InlineData("{\"data\":{\"type\":null,\"attributes\":{}}}", "/data/type")]
    [InlineData("{\"data\":{\"type\":7,\"attributes\":{}}}", "/data/type")]
    [InlineData("{\"data\":{\"type\":\"spans\",\"attributes\":{}}}", "/data/type")]
    [InlineData("{\"data\":{\"attributes\":{\"spans\":[]},\"type\":\"spans\"}}", "/data/type")]
    [InlineData("{\"data\":7}", "/data")]
    [InlineData("{}", "/data")]
    [InlineData("[]", "")]
    public async Task Refuses_a_wrong_frame_and_points_at_it(string body, string pointer) =>
        (await _emulator.PostAsync(TestEmulator.EventsOf(_id), body)).MustRefuse(400, pointer);

    [Fact]
    public async Task A_field_that_is_there_twice_is_refused() =>
        (await _emulator.PushAsync(_id, Bodies.Metrics(Bodies.Metric(more: ",\"label\":\"again\""))))
            .MustRefuse(400, "/data/attributes/metrics/0/label");

    [Fact]
    public async Task An_unknown_experiment_is_404()
    {
        Reply reply = await _emulator.PushAsync("nobody", Bodies.Metrics(Bodies.Metric()));

        reply.MustRefuse(404, null);
        Assert.Contains("nobody", reply.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Escaped_names_and_values_are_understood()
    {
        string metric = Bodies.Metric().Replace("\"label\":\"faithfulness\"", "\"l\\u0061bel\":\"f\\u00fcr \\ud83d\\ude00\"", StringComparison.Ordinal);

        Assert.Equal(202, (await _emulator.PushAsync(_id, Bodies.Metrics(metric))).Status);
        Reply reply = await _emulator.AggregateAsync(
            """{"compute":[{"metric":"score_value"}],"indexes":["experiment-evals"],"search":{"query":""},"group_by":[{"field":"label"}]}""");
        Assert.Equal(
            "für 😀", reply.Attributes.GetProperty("result").GetProperty("values")[0].GetProperty("by").GetProperty("label").GetString());
    }

    [Fact]
    public async Task Requests_at_the_same_time_are_all_stored()
    {
        Reply[] replies = await Task.WhenAll(Enumerable.Range(0, 40).Select(batch =>
            _emulator.PushAsync(_id, Bodies.Metrics([.. Enumerable.Range(0, 50).Select(index => Bodies.Metric($"s{batch}-{index}"))]))));

        Assert.All(replies, reply => Assert.Equal(202, reply.Status));
        Assert.Equal(2000, _emulator.Store.MetricCount);
        Assert.Equal(2000, _emulator.Store.Metrics(_id).Select(metric => Member(metric, "span_id")).Distinct().Count());
    }

    private static string Member(ReadOnlyMemory<byte> json, string name) =>
        JsonDocument.Parse(json).RootElement.GetProperty(name).GetString()!;
}
