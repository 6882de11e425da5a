using System.Globalization;
using System.Text.Json;
using LlmObs.Emulator.Tests.Support;

namespace LlmObs.Emulator.Tests;

public sealed class ListEventsTests : IAsyncLifetime
{
    private readonly FixedTime _time = new(DateTimeOffset.UnixEpoch.AddDays(20000));
    private TestEmulator _emulator = null!;
    private string _id = string.Empty;

    public async Task InitializeAsync()
    {
        _emulator = new TestEmulator(new EmulatorOptions { Time = _time, CheckMetricAge = false });
        _id = await _emulator.ExperimentAsync();
    }

    public async Task DisposeAsync() => await _emulator.DisposeAsync();

    [Fact]
    public async Task Gives_spans_back_with_their_metrics_as_they_were_sent()
    {
        await _emulator.PushAsync(_id, Bodies.Spans(
            Bodies.Span("s1", ",\"meta\":{\"input\":{\"q\":[1,null,\"\u00e9\"]},\"output\":\"a\",\"expected_output\":\"b\"},\"tags\":[\"x:1\"],\"custom\":1.50"),
            Bodies.Span("s2")));
        await _emulator.PushAsync(_id, Bodies.Metrics(Bodies.Metric("s2", "l2"), Bodies.Metric("s1", "l1", ",\"score_value\":0.25,\"reasoning\":\"why\"")));

        Reply reply = await _emulator.GetAsync(TestEmulator.ReadEventsOf(_id));

        Assert.Equal(200, reply.Status);
        Assert.Equal("experiment_events", reply.Data.GetProperty("type").GetString());
        JsonElement[] spans = [.. reply.Attributes.GetProperty("spans").EnumerateArray()];
        Assert.Equal(["s1", "s2"], spans.Select(span => span.GetProperty("span_id").GetString()));
        Assert.Equal("s1", spans[0].GetProperty("id").GetString());
        Assert.Equal("""{"input":{"q":[1,null,"é"]},"output":"a","expected_output":"b"}""", spans[0].GetProperty("meta").GetRawText());
        Assert.Equal("1.50", spans[0].GetProperty("custom").GetRawText());
        JsonElement metric = Assert.Single(spans[0].GetProperty("eval_metrics").EnumerateArray());
        Assert.Equal("l1", metric.GetProperty("label").GetString());
        Assert.Equal("why", metric.GetProperty("reasoning").GetString());
        Assert.Equal("custom", metric.GetProperty("metric_source").GetString());
        Assert.NotEmpty(metric.GetProperty("id").GetString()!);
        Assert.Empty(reply.Attributes.GetProperty("summary_metrics").EnumerateArray());
    }

    [Fact]
    public async Task Gives_back_what_datadogs_runners_send()
    {
        const string Tags = "\"tags\":[\"run_id:r1\",\"run_iteration:1\",\"dataset_record_id:rec-1\"]";
        const string Failed = ",\"metric_source\":\"custom\",\"status\":\"ERROR\",\"trace_id\":\"t1\",\"experiment_id\":\"e1\","
            + "\"error\":{\"message\":\"m\",\"type\":\"t\",\"stack\":\"s\"}";
        await _emulator.PushAsync(_id, "{\"spans\":[" + Bodies.Span("s1", $",\"meta\":{{\"metadata\":{{\"k\":1}}}},{Tags}") + "],\"metrics\":["
            + Bodies.Metric("s1", "l1", Failed) + "," + Bodies.Metric("", "avg", ",\"score_value\":1,\"trace_id\":\"\",\"metric_source\":\"summary\"")
            + "],\"tags\":[\"ddtrace.version:1\",\"run_id:r1\"]}", "experiments");

        JsonElement attributes = (await _emulator.GetAsync(TestEmulator.ReadEventsOf(_id))).Attributes;

        JsonElement span = Assert.Single(attributes.GetProperty("spans").EnumerateArray());
        Assert.Equal("rec-1", span.GetProperty("dataset_record_id").GetString());
        Assert.Equal("""{"metadata":{"k":1}}""", span.GetProperty("meta").GetRawText());
        Assert.Equal(
            ["run_id:r1", "run_iteration:1", "dataset_record_id:rec-1", "ddtrace.version:1"],
            span.GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()!));
        JsonElement metric = Assert.Single(span.GetProperty("eval_metrics").EnumerateArray());
        Assert.Equal(("ERROR", "t1", "e1"), (
            metric.GetProperty("status").GetString()!, metric.GetProperty("trace_id").GetString()!, metric.GetProperty("experiment_id").GetString()!));
        Assert.Equal("""{"message":"m","type":"t","stack":"s"}""", metric.GetProperty("error").GetRawText());
        Assert.Equal(["ddtrace.version:1", "run_id:r1"], metric.GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()!));
        JsonElement summary = Assert.Single(attributes.GetProperty("summary_metrics").EnumerateArray());
        Assert.Equal("summary", summary.GetProperty("metric_source").GetString());
    }

    [Fact]
    public async Task Tags_of_a_request_are_found_and_grouped_by()
    {
        await _emulator.PushAsync(_id, "{\"metrics\":[" + Bodies.Metric("s1") + "],\"tags\":[\"run_id:r1\"]}");
        await _emulator.PushAsync(_id, "{\"metrics\":[" + Bodies.Metric("s2") + "],\"tags\":[\"run_id:r2\"]}");
        Reply reply = await _emulator.AggregateAsync("""
            {"compute":[{"metric":"score_value"}],"indexes":["experiment-evals"],"search":{"query":"run_id:r2"},"group_by":[{"field":"run_id"}]}
            """);
        Assert.Equal("""{"run_id":"r2"}""", Assert.Single(reply.Attributes.GetProperty("result").GetProperty("values").EnumerateArray()).GetProperty("by").GetRawText());
    }

    [Fact]
    public async Task Tags_of_a_request_are_a_list_of_texts()
    {
        Reply reply = await _emulator.PushAsync(_id, "{\"tags\":[\"a\",1]}");
        Assert.Equal((400, "/data/attributes/tags/1"), (reply.Status, reply.Error.GetProperty("source").GetProperty("pointer").GetString()));
    }

    [Fact]
    public async Task A_span_that_was_sent_again_is_there_once_a_metric_that_was_sent_again_twice()
    {
        await _emulator.PushAsync(_id, Bodies.Spans(Bodies.Span("s1"), Bodies.Span("s2")));
        await _emulator.PushAsync(_id, Bodies.Spans(Bodies.With(Bodies.Span("s1"), "name", "\"later\"")));
        await _emulator.PushAsync(_id, Bodies.Metrics(Bodies.Metric("s1", at: 1), Bodies.Metric("s1", at: 2)));

        JsonElement[] spans = [.. (await _emulator.GetAsync(TestEmulator.ReadEventsOf(_id))).Attributes.GetProperty("spans").EnumerateArray()];

        Assert.Equal([("s2", "answer"), ("s1", "later")], spans.Select(span => (span.GetProperty("span_id").GetString()!, span.GetProperty("name").GetString()!)));
        Assert.Equal([1, 2], spans[1].GetProperty("eval_metrics").EnumerateArray().Select(metric => metric.GetProperty("timestamp_ms").GetInt32()));
    }

    [Fact]
    public async Task Metrics_of_the_experiment_as_a_whole_stand_on_the_first_page_only()
    {
        await _emulator.PushAsync(_id, Bodies.Spans(Bodies.Span("s1"), Bodies.Span("s2")));
        await _emulator.PushAsync(_id, Bodies.Metrics(Bodies.Metric(string.Empty, "overall", ",\"score_value\":1,\"metric_source\":\"summary\"")));

        Reply first = await _emulator.GetAsync(TestEmulator.ReadEventsOf(_id) + "?page[limit]=1");
        Reply second = await _emulator.GetAsync($"{TestEmulator.ReadEventsOf(_id)}?page[cursor]={first.Json.GetProperty("meta").GetProperty("after").GetString()}");

        JsonElement summary = Assert.Single(first.Attributes.GetProperty("summary_metrics").EnumerateArray());
        Assert.Equal("overall", summary.GetProperty("label").GetString());
        Assert.Equal("summary", summary.GetProperty("metric_source").GetString());
        Assert.Empty(second.Attributes.GetProperty("summary_metrics").EnumerateArray());
        Assert.Equal("s2", second.Attributes.GetProperty("spans")[0].GetProperty("span_id").GetString());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(100)]
    public async Task Pages_together_are_all_spans_each_once_also_of_several_experiments(int limit)
    {
        string other = await _emulator.ExperimentAsync("other");
        for (int index = 0; index < 5; index++)
        {
            await _emulator.PushAsync(_id, Bodies.Spans(Bodies.Span($"a{index}"), Bodies.Span("again")));
            await _emulator.PushAsync(other, Bodies.Spans(Bodies.Span($"b{index}"), Bodies.Span("again")));
        }

        var read = new List<string>();
        string cursor = string.Empty;
        for (int page = 0; page < 20 && (page == 0 || cursor.Length > 0); page++)
        {
            Reply reply = await _emulator.GetAsync(string.Create(
                CultureInfo.InvariantCulture, $"{TestEmulator.ReadEventsOf(other)}?page[limit]={limit}&page[cursor]={cursor}"));
            read.AddRange(reply.Attributes.GetProperty("spans").EnumerateArray().Select(span => span.GetProperty("span_id").GetString()!));
            cursor = reply.Json.GetProperty("meta").GetProperty("after").GetString()!;
        }

        Assert.Equal(["b0", "b1", "b2", "b3", "b4", "again"], read);
    }

    [Fact]
    public async Task With_a_lag_events_are_read_back_later()
    {
        await using var emulator = new TestEmulator(new EmulatorOptions { Time = _time, CheckMetricAge = false, ReadLag = TimeSpan.FromSeconds(5) });
        string id = await emulator.ExperimentAsync();
        await emulator.PushAsync(id, Bodies.Spans(Bodies.Span()));
        _time.Now += TimeSpan.FromSeconds(3);
        await emulator.PushAsync(id, Bodies.Metrics(Bodies.Metric()));

        Assert.Equal((0, 0), await CountAsync());
        _time.Now += TimeSpan.FromSeconds(2);
        Assert.Equal((1, 0), await CountAsync());
        _time.Now += TimeSpan.FromSeconds(3);
        Assert.Equal((1, 1), await CountAsync());

        async Task<(int Spans, int Metrics)> CountAsync()
        {
            JsonElement[] spans = [.. (await emulator.GetAsync(TestEmulator.ReadEventsOf(id))).Attributes.GetProperty("spans").EnumerateArray()];
            return (spans.Length, spans.Sum(span => span.GetProperty("eval_metrics").GetArrayLength()));
        }
    }

    [Fact]
    public async Task Events_that_come_while_they_are_read_are_found_by_the_next_reading()
    {
        await _emulator.PushAsync(_id, Bodies.Spans(Bodies.Span()));
        await _emulator.GetAsync(TestEmulator.ReadEventsOf(_id));
        await _emulator.PushAsync(_id, Bodies.Metrics(Bodies.Metric()));
        Reply reply = await _emulator.GetAsync(TestEmulator.ReadEventsOf(_id));
        Assert.Single(reply.Attributes.GetProperty("spans")[0].GetProperty("eval_metrics").EnumerateArray());
    }

    [Fact]
    public async Task An_unknown_experiment_is_404() =>
        (await _emulator.GetAsync(TestEmulator.ReadEventsOf("nobody"))).MustRefuse(404, null);

    [Fact]
    public async Task A_wrong_cursor_is_refused() =>
        (await _emulator.GetAsync(TestEmulator.ReadEventsOf(_id) + "?page[cursor]=zzz")).MustRefuse(400, null, "page[cursor]");
}
