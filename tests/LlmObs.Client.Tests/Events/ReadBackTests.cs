using System.Text;

namespace LlmObs.Client.Tests;

/// <summary>Events that were read back, on their way to another experiment.</summary>
public sealed class ReadBackTests
{
    private const long Start = 1_768_473_000_123_456_789;

    private readonly WrittenRows _written = new();

    private static ExperimentMetric Score => new() { Id = "m1", SpanId = "s", Label = "l", MetricType = MetricType.Score, TimestampMs = 1_700_000_000_000, ScoreValue = 0.1 };

    private static ExperimentSpan Span => new() { SpanId = "s", TraceId = "t", ProjectId = "p", DatasetId = "d", Name = "n", StartNs = Start, DurationNs = 1_500_000_001, Status = "ok" };

    private RoundTripSink Sink => new(_written, HostObjectJson.Default);

    [Fact]
    public void A_span_is_sent_with_all_its_fields_and_then_its_metrics()
    {
        ExperimentMetric full = Score with
        {
            MetricType = MetricType.Categorical, ScoreValue = null, CategoricalValue = "c", Assessment = "pass", Reasoning = "r", ErrorMessage = "e",
            Metadata = new Dictionary<string, object?> { ["k"] = 1 }, Tags = ["a:1"], MetricSource = "custom", TraceId = "t", EvalSourceType = "sdk",
        };
        Send(Span with
        {
            Status = "error", Input = new Dictionary<string, object?> { ["q"] = "x" }, Output = "o", ExpectedOutput = new object[] { 1 }, ErrorMessage = "m", ErrorType = "T",
            ErrorStack = "s", Metadata = new Dictionary<string, object?> { ["k"] = 2 }, Tags = ["env:ci", "a,b"], EvalMetrics = [Score, full], ExperimentId = "e",
        });

        Assert.Equal(
            [
                """{"trace_id":"t","span_id":"s","project_id":"p","dataset_id":"d","name":"n","start_ns":1768473000123456789,"duration":1500000001,"status":"error","tags":["env:ci","a,b"],"""
                    + """ "meta":{"input":{"q":"x"},"output":"o","expected_output":[1],"metadata":{"k":2},"error":{"message":"m","type":"T","stack":"s"}}}""".TrimStart(),
                """{"span_id":"s","label":"l","metric_type":"score","score_value":0.1,"timestamp_ms":1700000000000}""",
                """{"span_id":"s","label":"l","metric_type":"categorical","categorical_value":"c","timestamp_ms":1700000000000,"assessment":"pass","reasoning":"r","error":{"message":"e"},"""
                    + """ "metadata":{"k":1},"tags":["a:1"],"trace_id":"t","metric_source":"custom"}""".TrimStart(),
            ],
            _written.Events);
        Assert.Empty(_written.Problems);
        Assert.Empty(_written.Ignored);
    }

    [Fact]
    public void Metrics_follow_their_span_where_its_ids_were_changed()
    {
        Send(Span with { SpanId = "new", TraceId = "trace", EvalMetrics = [Score with { TraceId = "t" }, Score] });
        Assert.StartsWith("""{"span_id":"new",""", _written.Events[1], StringComparison.Ordinal);
        Assert.Contains(""","trace_id":"trace"}""", _written.Events[1], StringComparison.Ordinal);
        Assert.DoesNotContain("trace_id", _written.Events[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Metrics_of_a_span_that_can_not_be_sent_are_not_sent()
    {
        Send(Span with { Name = null, EvalMetrics = [Score] });
        Assert.Empty(_written.Events);
        Assert.Equal("name is missing", Assert.Single(_written.Problems).Message);
    }

    [Fact]
    public void A_metric_that_can_not_be_sent_is_named_by_its_place()
    {
        Send(Span with { EvalMetrics = [Score, Score with { Label = null }, Score] });
        Assert.Equal(3, _written.Events.Count);
        Assert.Equal("row 1, metric 2", Assert.Single(_written.Problems).Place.ToString());
    }

    [Fact]
    public void A_metric_of_the_experiment_as_a_whole_needs_no_span()
    {
        Sink.Accept(new ExperimentMetricRow(Score with { SpanId = "" }, new RowPlace(null, 1), value => value), EventKind.Metric);
        Assert.Contains("\"span_id\":\"\"", Assert.Single(_written.Events), StringComparison.Ordinal);
        Assert.Contains("\"metric_source\":\"summary\"", _written.Events[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Of_several_values_of_a_metric_the_one_of_its_type_is_sent()
    {
        Send(Span with { EvalMetrics = [Score with { BooleanValue = false, CategoricalValue = "" }] });
        Assert.Equal("""{"span_id":"s","label":"l","metric_type":"score","score_value":0.1,"timestamp_ms":1700000000000}""", _written.Events[1]);
    }

    [Fact]
    public void What_the_API_takes_no_more_is_said_and_what_was_in_meta_is_sent()
    {
        var unknown = new Dictionary<string, object?> { ["new"] = 1, ["meta"] = new Dictionary<string, object?> { ["kind"] = "llm" }, ["experiment_id"] = "e" };
        Send(Span with { Input = "i", ParentId = "p", DatasetRecordId = "r", Measures = new Dictionary<string, object?> { ["tokens"] = 1.5 }, AdditionalProperties = unknown });
        Assert.Contains(
            "\"tags\":[\"dataset_record_id:r\"],\"meta\":{\"input\":\"i\",\"kind\":\"llm\"}",
            Assert.Single(_written.Events),
            StringComparison.Ordinal);
        Assert.Equal(["ParentId", "Measures", "new"], _written.Ignored);
    }

    [Theory]
    [InlineData("\"start_ns\":1768473000123456789,\"StartTime\":\"2026-01-15T10:30:00.1234567+00:00\"")]
    [InlineData("\"StartTime\":\"2026-01-15T10:30:00Z\",\"start_ns\":1768473000123456789")]
    [InlineData("\"start_ns\":1768473000123456789,\"start_ns\":1768473000123456789")]
    [InlineData("\"start_ns\":null,\"StartNs\":1768473000123456789")]
    [InlineData("\"start_ns\":1768473000123456789,\"StartTime\":\"15.01.2026 10:30:00 +00:00\"")]
    public void Two_values_of_a_start_that_agree_are_one(string start)
    {
        SendJson("{\"trace_id\":\"t\",\"span_id\":\"s\",\"name\":\"n\",\"duration\":5," + start + "}");
        Assert.Empty(_written.Problems);
        Assert.Contains("\"start_ns\":1768473000123456789,", Assert.Single(_written.Events), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"start_ns\":1768473000123456789,\"StartTime\":\"2026-01-15T10:30:02Z\"", "start_ns is given twice, with different values: 'start_ns' is '1768473000123456789', and 'StartTime' is '2026-01-15T10:30:02Z'; leave one out")]
    [InlineData("\"start_ns\":1768473000123456789,\"StartNs\":1768473000123456790", "start_ns is given twice, with different values: 'start_ns' is '1768473000123456789', and 'StartNs' is '1768473000123456790'; leave one out")]
    [InlineData("\"start\":1768473000123456789,\"start_time\":\"2026-01-15T10:30:00Z\"", "'start'")]
    [InlineData("\"start\":1768473000123456789,\"start_time\":\"yesterday\"", "'start_time' is 'yesterday'")]
    [InlineData("\"start\":1768473000123456789,\"name\":\"other\"", "name is given twice, with different values: 'name' is 'n', and 'name' is 'other'; leave one out")]
    public void Two_values_that_differ_are_refused_and_both_are_named(string start, string words)
    {
        SendJson("{\"trace_id\":\"t\",\"span_id\":\"s\",\"name\":\"n\",\"duration\":5," + start + "}");
        Assert.Empty(_written.Events);
        Assert.Contains(words, Assert.Single(_written.Problems).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1500000000.4", "1500000000")]
    [InlineData("1500000000.5", "1500000001")]
    [InlineData("\"1500000000.5\"", "1500000001")]
    [InlineData("1.5", null)]
    [InlineData("999.5", null)]
    public void A_part_of_a_nanosecond_is_rounded_and_a_count_of_seconds_is_not_taken_for_one(string duration, string? sent)
    {
        SendJson("{\"trace_id\":\"t\",\"span_id\":\"s\",\"name\":\"n\",\"start_ns\":1768473000123456789,\"duration\":" + duration + "}");
        Assert.Equal(sent is null ? 0 : 1, _written.Events.Count);
        Assert.All(_written.Events, span => Assert.Contains($"\"duration\":{sent},", span, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("\"DurationNs\":1500000001,\"Duration\":\"00:00:01.5000000\"", true)]
    [InlineData("\"DurationNs\":1500000001,\"Duration\":{\"Ticks\":15000000}", true)]
    [InlineData("\"DurationNs\":1500000001,\"Duration\":\"00:00:03\"", false)]
    [InlineData("\"DurationNs\":1500000001,\"Duration\":1500000000", false)]
    public void A_duration_may_stand_beside_what_shows_it(string duration, bool agrees)
    {
        SendJson("{\"trace_id\":\"t\",\"span_id\":\"s\",\"name\":\"n\",\"start_ns\":1768473000123456789," + duration + "}");
        Assert.Equal(agrees ? 1 : 0, _written.Events.Count);
        Assert.All(_written.Events, span => Assert.Contains("\"duration\":1500000001,", span, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("\"score_value\":0.5,\"value\":\"0.50\"", null)]
    [InlineData("\"score_value\":0.5,\"value\":0.6", "value is '0.6', and score_value is '0.5'; leave one out")]
    [InlineData("\"boolean_value\":true,\"value\":\"True\"", null)]
    [InlineData("\"boolean_value\":true,\"value\":0", "value is '0', and boolean_value is 'true'; leave one out")]
    [InlineData("\"categorical_value\":\"a\",\"value\":\"b\"", "value is '\"b\"', and categorical_value is '\"a\"'; leave one out")]
    [InlineData("\"json_value\":{\"a\":1},\"value\":\"@{a=1}\"", null)]
    public void The_value_beside_that_of_a_type_says_the_same_or_is_refused(string values, string? problem)
    {
        SendJson(EventJson.Metric(values));
        Assert.Equal(problem is null ? 1 : 0, _written.Events.Count);
        Assert.Equal(problem, _written.Problems.Select(one => one.Message).SingleOrDefault());
    }

    [Fact]
    public void A_saved_span_brings_its_metrics()
    {
        SendJson("""
            {"SpanId":"s","TraceId":"t","ParentId":null,"Name":"n","StartNs":1768473000123456789,"DurationNs":5,"Tags":[],"Measures":null,"AdditionalProperties":{"meta":{"kind":"llm"}},
             "EvalMetrics":[{"Id":"m","SpanId":"s","Label":"l","MetricType":"score","TimestampMs":1700000000000,"ScoreValue":0.1,"CategoricalValue":null,"JsonValue":null,"EvalSourceType":"sdk",
               "Timestamp":"2023-11-14T22:13:20+00:00","Value":0.1},{"label":"k","value":true,"mine":1}],"StartTime":"2026-01-15T10:30:00.1234567+00:00"}
            """);
        Assert.Equal(3, _written.Events.Count);
        Assert.Contains("\"meta\":{\"kind\":\"llm\"}", _written.Events[0], StringComparison.Ordinal);
        Assert.Equal("""{"span_id":"s","label":"l","metric_type":"score","score_value":0.1,"timestamp_ms":1700000000000}""", _written.Events[1]);
        Assert.StartsWith("""{"span_id":"s","label":"k","metric_type":"boolean","boolean_value":true,""", _written.Events[2], StringComparison.Ordinal);
        Assert.Equal(["mine"], _written.Ignored);
        Assert.Empty(_written.Problems);
    }

    [Theory]
    [InlineData("5", "row 1, metric 1")]
    [InlineData("[{\"label\":\"l\",\"value\":1},\"x\"]", "row 1, metric 2")]
    [InlineData("{\"value\":1}", "row 1, metric 1")]
    public void What_is_no_metric_is_an_error_beside_the_span(string metrics, string place)
    {
        SendJson(EventJson.Span("\"eval_metrics\":" + metrics));
        Assert.Contains("\"name\":\"n\"", _written.Events[0], StringComparison.Ordinal);
        Assert.Equal(place, Assert.Single(_written.Problems).Place.ToString());
    }

    [Theory]
    [InlineData("Input", "@{question=why?}")]
    [InlineData("Output", "System.Object[]")]
    [InlineData("ExpectedOutput", "System.Collections.Hashtable")]
    [InlineData("Metadata", "@{k=1; l=}")]
    [InlineData("Tags", "System.Collections.Generic.List`1[System.String]")]
    public void Text_in_the_place_of_an_object_is_refused_in_a_saved_row(string column, string text)
    {
        SendCsv($"SpanId,TraceId,Name,StartNs,DurationNs,StartTime,{column}\ns,t,n,{Start},5,\"1/15/2026 10:30:00 AM +00:00\",{text}\n");
        Assert.Empty(_written.Events);
        Assert.Contains("which replaces an object", Assert.Single(_written.Problems).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("@{ a = 1 }")]
    [InlineData("System.String is a class")]
    [InlineData("What is System.Object[]?")]
    [InlineData("@{name}")]
    public void Other_text_is_sent_as_it_is(string text)
    {
        SendCsv($"SpanId,TraceId,Name,StartNs,DurationNs,StartTime,Input\ns,t,n,{Start},5,,{text}\ns,t,n,{Start},5,2026-01-15T10:30:00.1234567Z,{text}\n");
        Assert.Empty(_written.Problems);
        Assert.All(_written.Events, span => Assert.Contains($"\"input\":\"{text}\"", span, StringComparison.Ordinal));
        Assert.Equal(2, _written.Events.Count);
    }

    [Fact]
    public void A_table_of_saved_spans_says_that_it_holds_no_metrics()
    {
        SendCsv($"SpanId,TraceId,ParentId,Name,StartNs,DurationNs,EvalMetrics,Measures\ns,t,,n,{Start},5,\"l=0.1, k=True\",\ns,t,,n,{Start},5,,\n");
        Assert.Equal(2, _written.Events.Count);
        Assert.Equal(["EvalMetrics"], _written.Ignored);
    }

    [Theory]
    [InlineData("\"experiment_id\":\"a\",", "target", "target", "target")]
    [InlineData("\"experiment_id\":\"b\",", "target", "p", "d")]
    [InlineData("", "target", "p", "d")]
    [InlineData("\"experiment_id\":\"a\",", null, "p", "d")]
    public void Project_and_dataset_of_another_experiment_give_way_to_those_of_the_target(string from, string? known, string project, string dataset)
    {
        using var writer = new EventWriter(new EventDefaults { ProjectId = known, DatasetId = known }, HostObjectJson.Default, new WaitlessTime(), experimentId: "b");
        using var buffer = new PooledBuffer();
        writer.Write(EventJson.Row("{" + from + EventJson.SpanStart + "}"), EventKind.Span, buffer);
        Assert.Contains($"\"project_id\":\"{project}\",\"dataset_id\":\"{dataset}\"", Encoding.UTF8.GetString(buffer.Written.Span), StringComparison.Ordinal);
    }

    [Fact]
    public void Tags_of_events_show_as_text_that_is_read_as_the_same_tags()
    {
        foreach (string[] tags in new string[][] { [], ["env:ci"], ["env:ci", "team:a"], ["a,b", "c;d"], ["[x]"], [" a"], [""] })
        {
            string text = (Span with { Tags = tags }).Tags.ToString()!;
            SendCsv($"SpanId,Label,Value,Tags\ns,l,1,\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"\n");
            string expected = tags.Length == 0 ? "}" : ",\"tags\":" + System.Text.Json.JsonSerializer.Serialize(tags) + "}";
            Assert.EndsWith(expected, _written.Events[^1], StringComparison.Ordinal);
            Assert.Equal(tags.Length > 0, _written.Events[^1].Contains("tags", StringComparison.Ordinal));
        }
    }

    private void Send(ExperimentSpan span) => Sink.Accept(new ExperimentSpanRow(span, new RowPlace(null, 1), value => value), EventKind.Span);

    private void SendJson(string json) => new JsonEventReader(Sink, source: null).ReadText(Encoding.UTF8.GetBytes(json), new RowPlace(null, 1));

    private void SendCsv(string csv) =>
        new CsvEventReader(Sink, "spans.csv", new EventFileOptions()).Read(new MemoryStream(Encoding.UTF8.GetBytes(csv)));
}
