using System.Globalization;
using System.Text.Json;
using LlmObs.Emulator.Tests.Support;

namespace LlmObs.Emulator.Tests;

public sealed class AggregateTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 8, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly long Ms = Now.ToUnixTimeMilliseconds();

    private readonly TestEmulator _emulator = new(new EmulatorOptions { Time = new FixedTime(Now) });

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _emulator.DisposeAsync();

    [Fact]
    public async Task Averages_by_label_in_the_form_of_the_documents()
    {
        string id = await _emulator.ExperimentAsync();
        await PushAsync(id, ("a", "f", "0.8"), ("b", "f", "0.9"), ("a", "g", "0.1"));

        Reply reply = await ByAsync("label");

        Assert.Equal(200, reply.Status);
        Assert.Equal("application/vnd.api+json", reply.ContentType);
        Assert.Equal("experimentation", reply.Data.GetProperty("type").GetString());
        Assert.NotEmpty(reply.Data.GetProperty("id").GetString()!);
        Assert.Equal(3, reply.Attributes.GetProperty("hit_count").GetInt64());
        Assert.Equal(
            """[{"by":{"label":"f"},"metrics":{"score_value":0.8500000000000001}},{"by":{"label":"g"},"metrics":{"score_value":0.1}}]""",
            Values(reply).GetRawText());
    }

    [Fact]
    public async Task An_average_is_not_worn_down_by_rounding()
    {
        string id = await _emulator.ExperimentAsync();
        await PushAsync(id, [.. Enumerable.Range(0, 1000).Select(index => ($"s{index}", "f", "0.1"))]);

        Assert.Equal("0.1", Values(await ByAsync("label"))[0].GetProperty("metrics").GetProperty("score_value").GetRawText());
    }

    [Fact]
    public async Task An_average_beyond_every_number_is_null()
    {
        string id = await _emulator.ExperimentAsync();
        await PushAsync(id, ("a", "f", "1.7e308"), ("b", "f", "1.7e308"));

        Assert.Equal(JsonValueKind.Null, Values(await ByAsync("label"))[0].GetProperty("metrics").GetProperty("score_value").ValueKind);
    }

    [Fact]
    public async Task Without_fields_to_group_by_there_is_one_bucket_over_all()
    {
        string id = await _emulator.ExperimentAsync();
        await PushAsync(id, ("a", "f", "1"), ("b", "g", "2"));

        Assert.Equal("""[{"by":{},"metrics":{"score_value":1.5}}]""", Values(await ByAsync()).GetRawText());
    }

    [Fact]
    public async Task Without_matching_events_there_are_no_buckets()
    {
        string id = await _emulator.ExperimentAsync();
        await PushAsync(id, ("a", "f", "1"));

        foreach (string[] groupBy in new string[][] { [], ["label"] })
        {
            Reply reply = await AskAsync(groupBy, query: "@label:nobody");
            Assert.Equal(0, reply.Attributes.GetProperty("hit_count").GetInt64());
            Assert.Equal(0, Values(reply).GetArrayLength());
        }
    }

    [Fact]
    public async Task A_group_without_the_metric_has_it_as_null()
    {
        string id = await _emulator.ExperimentAsync();
        await PushMetricsAsync(id, Metric("a", "f", ",\"score_value\":1"), Metric("a", "word", ",\"categorical_value\":\"x\""));

        Reply reply = await ByAsync("label");

        Assert.Equal(
            """[{"by":{"label":"f"},"metrics":{"score_value":1}},{"by":{"label":"word"},"metrics":{"score_value":null}}]""",
            Values(reply).GetRawText());
    }

    [Fact]
    public async Task Answers_under_the_alias_else_under_the_metric()
    {
        string id = await _emulator.ExperimentAsync();
        await PushAsync(id, ("a", "f", "1"));

        Reply reply = await AskAsync(
            compute: """[{"metric":"score_value","name":"avg_f"},{"metric":"boolean_value"},{"metric":"@score_value","name":null}]""");

        Assert.Equal("""{"avg_f":1,"boolean_value":null,"@score_value":1}""", Values(reply)[0].GetProperty("metrics").GetRawText());
    }

    [Theory]
    [InlineData("boolean_value", "0.5")]
    [InlineData("duration", "1500")]
    [InlineData("metadata.tokens", "15")]
    [InlineData("@metadata.tokens", "15")]
    [InlineData("meta.input.length", "4")]
    [InlineData("experiment.config.t", "0.25")]
    [InlineData("timestamp_ms", "1785585600000")]
    [InlineData("label", "null")]
    [InlineData("nobody", "null")]
    public async Task Averages_any_numeric_field(string metric, string expected)
    {
        string id = await _emulator.ExperimentAsync(more: ",\"config\":{\"t\":0.25}");
        await _emulator.PushAsync(id, Bodies.Spans(
            Bodies.With(Bodies.Span("a", ",\"meta\":{\"input\":{\"length\":3}}"), "duration", "1000"),
            Bodies.With(Bodies.Span("b", ",\"meta\":{\"input\":{\"length\":5}}"), "duration", "2000")));
        await PushMetricsAsync(
            id,
            Metric("a", "f", ",\"boolean_value\":true,\"metadata\":{\"tokens\":10}"),
            Metric("b", "f", ",\"boolean_value\":false,\"metadata\":{\"tokens\":20}"));

        Reply reply = await AskAsync(compute: $$"""[{"metric":"{{metric}}","name":"m"}]""");

        Assert.Equal(expected, Values(reply)[0].GetProperty("metrics").GetProperty("m").GetRawText());
    }

    [Theory]
    [InlineData("experiment_id", "\"<id>\"")]
    [InlineData("@experiment_id", "\"<id>\"")]
    [InlineData("span_id", "\"a\"")]
    [InlineData("label", "\"f\"")]
    [InlineData("metric_type", "\"score\"")]
    [InlineData("assessment", "\"pass\"")]
    [InlineData("categorical_value", "\"cat\"")]
    [InlineData("boolean_value", "true")]
    [InlineData("score_value", "0.5")]
    [InlineData("timestamp_ms", "1785585600000")]
    [InlineData("reasoning", "\"why\"")]
    [InlineData("name", "\"answer\"")]
    [InlineData("status", "\"ok\"")]
    [InlineData("start_ns", "1705314600000000000")]
    [InlineData("duration", "1500000000")]
    [InlineData("trace_id", "\"t-a\"")]
    [InlineData("project_id", "\"project\"")]
    [InlineData("dataset_id", "\"dataset\"")]
    [InlineData("dataset_version", "4")]
    [InlineData("env", "\"prod\"")]
    [InlineData("tags", "\"env:prod\"")]
    [InlineData("metadata.model", "\"m1\"")]
    [InlineData("metadata.deep.flag", "false")]
    [InlineData("metadata.deep", "\"{\\\"flag\\\":false}\"")]
    [InlineData("meta.input", "\"question\"")]
    [InlineData("input", "\"question\"")]
    [InlineData("meta.metadata.tier", "2")]
    [InlineData("experiment", "\"run\"")]
    [InlineData("experiment.name", "\"run\"")]
    [InlineData("experiment.status", "\"running\"")]
    [InlineData("experiment.description", "\"about\"")]
    [InlineData("experiment.config.model", "\"big\"")]
    [InlineData("experiment.metadata.owner", "\"me\"")]
    [InlineData("span.name", "\"answer\"")]
    [InlineData("metric.label", "\"f\"")]
    [InlineData("nobody", "null")]
    public async Task Groups_by_any_field(string field, string expected)
    {
        string id = await _emulator.ExperimentAsync(more: """
            ,"ensure_unique":false,"dataset_id":"other","dataset_version":4,"description":"about","config":{"model":"big"},"metadata":{"owner":"me"}
            """);
        await _emulator.PatchAsync(id, """{"status":"running"}""");
        await _emulator.PushAsync(id, Bodies.Spans(Bodies.Span("a", ",\"meta\":{\"input\":\"question\",\"metadata\":{\"tier\":2}}")));
        await PushMetricsAsync(id, Metric("a", "f", """
            ,"score_value":0.5,"categorical_value":"cat","boolean_value":true,"assessment":"pass","reasoning":"why","tags":["env:prod"],
            "metadata":{"model":"m1","deep":{"flag":false}}
            """));

        Reply reply = await ByAsync(field);

        JsonElement by = Values(reply)[0].GetProperty("by");
        Assert.Equal(expected.Replace("<id>", id, StringComparison.Ordinal), JsonSerializer.Serialize(by.GetProperty(field), Relaxed));
    }

    [Fact]
    public async Task Without_a_span_its_fields_are_null_and_the_experiments_stand_in()
    {
        string id = await _emulator.ExperimentAsync(more: ",\"dataset_id\":\"d9\"");
        await PushMetricsAsync(id, Metric("gone", "f", ",\"trace_id\":\"own\""));

        Reply reply = await ByAsync("name", "status", "trace_id", "project_id", "dataset_id");

        Assert.Equal(
            """{"name":null,"status":null,"trace_id":"own","project_id":"project","dataset_id":"d9"}""",
            Values(reply)[0].GetProperty("by").GetRawText());
    }

    [Fact]
    public async Task Spans_are_joined_within_their_experiment_only_and_also_when_they_come_later()
    {
        string first = await _emulator.ExperimentAsync();
        string second = await _emulator.ExperimentAsync();
        await PushAsync(first, ("a", "f", "1"));
        await PushAsync(second, ("a", "f", "2"));
        await _emulator.PushAsync(second, Bodies.Spans(Bodies.Span("a")));

        Assert.Equal(
            """[{"by":{"name":"answer"},"metrics":{"score_value":2}},{"by":{"name":null},"metrics":{"score_value":1}}]""",
            Values(await ByAsync("name")).GetRawText());
    }

    [Fact]
    public async Task An_event_with_several_tags_is_in_several_groups_but_hit_once()
    {
        string id = await _emulator.ExperimentAsync();
        await PushMetricsAsync(id, Metric("a", "f", ",\"score_value\":1,\"tags\":[\"lang:en\",\"lang:fr\",\"lang:en\"]"), Metric("b", "f", ",\"score_value\":3"));

        Reply reply = await ByAsync("lang");

        Assert.Equal(2, reply.Attributes.GetProperty("hit_count").GetInt64());
        Assert.Equal(
            """[{"by":{"lang":"en"},"metrics":{"score_value":1}},{"by":{"lang":"fr"},"metrics":{"score_value":1}},{"by":{"lang":null},"metrics":{"score_value":3}}]""",
            Values(reply).GetRawText());
    }

    [Fact]
    public async Task Groups_by_several_fields_together()
    {
        string id = await _emulator.ExperimentAsync();
        await PushAsync(id, ("a", "f", "1"), ("a", "g", "2"), ("b", "f", "3"));

        Assert.Equal(
            ["a f", "a g", "b f"],
            Values(await ByAsync("span_id", "label")).EnumerateArray().Select(value =>
                value.GetProperty("by").GetProperty("span_id").GetString() + " " + value.GetProperty("by").GetProperty("label").GetString()));
    }

    [Fact]
    public async Task An_event_with_several_tags_is_in_the_groups_of_its_label_under_each()
    {
        string id = await _emulator.ExperimentAsync();
        await PushMetricsAsync(id, Metric("a", "f", ",\"score_value\":1,\"tags\":[\"t\",\"u\"]"), Metric("b", "g", ",\"score_value\":2,\"tags\":[\"u\"]"));

        Assert.Equal(
            ["t f", "u f", "u g"],
            Values(await ByAsync("tags", "label")).EnumerateArray().Select(value =>
                value.GetProperty("by").GetProperty("tags").GetString() + " " + value.GetProperty("by").GetProperty("label").GetString()));
    }

    [Fact]
    public async Task Experiments_that_have_the_same_value_are_one_group_and_are_found_together()
    {
        await PushAsync(await _emulator.ExperimentAsync("one", ",\"description\":\"same\""), ("a", "f", "1"));
        await PushAsync(await _emulator.ExperimentAsync("two", ",\"description\":\"same\""), ("a", "f", "2"), ("b", "f", "3"));
        await PushAsync(await _emulator.ExperimentAsync("three", ",\"description\":\"other\""), ("a", "f", "4"));

        Reply reply = await AskAsync(["experiment.description"], query: "@experiment.description:sa*");

        Assert.Equal(3, reply.Attributes.GetProperty("hit_count").GetInt64());
        Assert.Equal("""[{"by":{"experiment.description":"same"},"metrics":{"score_value":2}}]""", Values(reply).GetRawText());
    }

    [Fact]
    public async Task An_event_in_too_many_groups_is_refused()
    {
        string id = await _emulator.ExperimentAsync();
        string tags = string.Join(',', Enumerable.Range(0, 40).Select(index => $"\"t{index}\""));
        await PushMetricsAsync(id, Metric("a", "f", $",\"tags\":[{tags}],\"metadata\":{{\"list\":[{tags}]}}"));

        (await ByAsync("tags", "metadata.list")).MustRefuse(400, "/data/attributes/aggregate/group_by");
    }

    [Fact]
    public async Task Numbers_that_are_equal_are_one_group()
    {
        string id = await _emulator.ExperimentAsync();
        await PushMetricsAsync(
            id, Metric("a", "f", ",\"metadata\":{\"n\":1}"), Metric("b", "f", ",\"metadata\":{\"n\":1.0}"), Metric("c", "f", ",\"metadata\":{\"n\":\"1\"}"));

        Assert.Equal(["1", "\"1\""], Values(await ByAsync("metadata.n")).EnumerateArray()
            .Select(value => value.GetProperty("by").GetProperty("metadata.n").GetRawText()));
    }

    [Theory]
    [InlineData(1, new[] { "big" })]
    [InlineData(2, new[] { "big", "a" })]
    [InlineData(3, new[] { "big", "a", "b" })]
    [InlineData(100, new[] { "big", "a", "b", "c" })]
    [InlineData(null, new[] { "big", "a", "b", "c" })]
    public async Task The_largest_groups_come_first_then_by_key_and_the_limit_cuts(int? limit, string[] expected)
    {
        string id = await _emulator.ExperimentAsync();
        await PushAsync(id, ("s", "c", "1"), ("s", "b", "1"), ("s", "a", "1"), ("s", "big", "1"), ("t", "big", "1"));

        Reply reply = await AskAsync(groupBy: ["label"], more: $",\"limit\":{limit?.ToString(CultureInfo.InvariantCulture) ?? "null"}");

        Assert.Equal(5, reply.Attributes.GetProperty("hit_count").GetInt64());
        Assert.Equal(expected, Values(reply).EnumerateArray().Select(value => value.GetProperty("by").GetProperty("label").GetString()));
    }

    [Fact]
    public async Task There_are_at_most_1000_groups_where_no_limit_is_given()
    {
        string id = await _emulator.ExperimentAsync();
        await PushAsync(id, [.. Enumerable.Range(0, 1005).Select(index => ($"s{index:0000}", "f", "1"))]);

        Reply reply = await ByAsync("span_id");

        Assert.Equal(1000, Values(reply).GetArrayLength());
        Assert.Equal("s0999", Values(reply)[999].GetProperty("by").GetProperty("span_id").GetString());
        Assert.Equal(1005, Values(await AskAsync(groupBy: ["span_id"], more: ",\"limit\":2000")).GetArrayLength());
    }

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(0, 10, 2)]
    [InlineData(1, 9, 0)]
    [InlineData(10, 20, 2)]
    [InlineData(-1, 100, 3)]
    public async Task A_time_range_includes_both_ends(long from, long to, long hits)
    {
        string id = await _emulator.ExperimentAsync();
        await PushMetricsAsync(id, Metric("a", "f", "", Ms), Metric("b", "f", "", Ms + 10), Metric("c", "f", "", Ms + 20));

        Reply reply = await AskAsync(more: string.Create(CultureInfo.InvariantCulture, $",\"time\":{{\"from\":{Ms + from},\"to\":{Ms + to}}}"));

        Assert.Equal(hits, reply.Attributes.GetProperty("hit_count").GetInt64());
    }

    [Theory]
    [InlineData("2", 1)]
    [InlineData("3", 1)]
    [InlineData("9", 0)]
    [InlineData("null", 3)]
    public async Task A_dataset_version_takes_the_events_of_its_experiments(string version, long hits)
    {
        foreach (string more in new[] { ",\"dataset_version\":2", ",\"dataset_version\":3", "" })
        {
            await PushAsync(await _emulator.ExperimentAsync(more: more), ("a", "f", "1"));
        }

        Reply reply = await AskAsync(more: $",\"dataset_version\":{version}");

        Assert.Equal(hits, reply.Attributes.GetProperty("hit_count").GetInt64());
    }

    [Fact]
    public async Task The_latest_of_the_same_span_and_label_counts_alone()
    {
        string id = await _emulator.ExperimentAsync();
        await PushMetricsAsync(
            id,
            Metric("a", "f", ",\"score_value\":1", Ms + 5),
            Metric("a", "f", ",\"score_value\":2", Ms),
            Metric("b", "f", ",\"score_value\":3", Ms),
            Metric("b", "f", ",\"score_value\":4", Ms));
        await PushAsync(await _emulator.ExperimentAsync(), ("a", "f", "100"));

        Reply reply = await AskAsync(groupBy: ["span_id"], query: $"@experiment_id:{id}");

        Assert.Equal(4, _emulator.Store.Metrics(id).Count);
        Assert.Equal(2, reply.Attributes.GetProperty("hit_count").GetInt64());
        Assert.Equal(
            """[{"by":{"span_id":"a"},"metrics":{"score_value":1}},{"by":{"span_id":"b"},"metrics":{"score_value":4}}]""",
            Values(reply).GetRawText());
    }

    [Fact]
    public async Task What_was_superseded_does_not_come_back_in_an_older_time_range()
    {
        string id = await _emulator.ExperimentAsync();
        await PushMetricsAsync(id, Metric("a", "f", ",\"score_value\":1", Ms), Metric("a", "f", ",\"score_value\":2", Ms + 10));

        Reply reply = await AskAsync(more: string.Create(CultureInfo.InvariantCulture, $",\"time\":{{\"from\":{Ms},\"to\":{Ms + 5}}}"));

        Assert.Equal(0, reply.Attributes.GetProperty("hit_count").GetInt64());
    }

    private static JsonSerializerOptions Relaxed { get; } =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static JsonElement Values(Reply reply)
    {
        Assert.True(reply.Status == 200, reply.Text);
        return reply.Attributes.GetProperty("result").GetProperty("values");
    }

    private static string Metric(string span, string label, string more, long? at = null) => Bodies.Metric(span, label, more, at ?? Ms);

    /// <summary>Averages the score over everything, by some fields.</summary>
    private Task<Reply> ByAsync(params string[] groupBy) => AskAsync(groupBy);

    private Task<Reply> AskAsync(string[]? groupBy = null, string query = "*", string? compute = null, string more = "")
    {
        string fields = string.Join(',', (groupBy ?? []).Select(field => $$"""{"field":"{{field}}"}"""));
        return _emulator.AggregateAsync($$"""
            {"compute":{{compute ?? """[{"metric":"score_value"}]"""}},"indexes":["experiment-evals"],
            "search":{"query":{{JsonSerializer.Serialize(query)}}},"group_by":[{{fields}}]{{more}}}
            """);
    }

    private Task PushAsync(string id, params (string Span, string Label, string Score)[] metrics) =>
        PushMetricsAsync(id, [.. metrics.Select(metric => Metric(metric.Span, metric.Label, ",\"score_value\":" + metric.Score))]);

    private async Task PushMetricsAsync(string id, params string[] metrics)
    {
        Reply reply = await _emulator.PushAsync(id, Bodies.Metrics(metrics));
        Assert.True(reply.Status == 202, reply.Text);
    }
}
