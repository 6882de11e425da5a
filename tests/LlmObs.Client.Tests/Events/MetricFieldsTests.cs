namespace LlmObs.Client.Tests;

public sealed class MetricFieldsTests
{
    [Theory]
    [InlineData("\"score_value\":0.75", "\"metric_type\":\"score\",\"score_value\":0.75")]
    [InlineData("\"score_value\":-0", "\"metric_type\":\"score\",\"score_value\":-0")]
    [InlineData("\"score_value\":1e-9,\"metric_type\":\"Score\"", "\"metric_type\":\"score\",\"score_value\":1E-09")]
    [InlineData("\"score_value\":\"0.5\"", "\"metric_type\":\"score\",\"score_value\":0.5")]
    [InlineData("\"categorical_value\":\"good\"", "\"metric_type\":\"categorical\",\"categorical_value\":\"good\"")]
    [InlineData("\"categorical_value\":3", "\"metric_type\":\"categorical\",\"categorical_value\":\"3\"")]
    [InlineData("\"boolean_value\":false", "\"metric_type\":\"boolean\",\"boolean_value\":false")]
    [InlineData("\"boolean_value\":\"True\"", "\"metric_type\":\"boolean\",\"boolean_value\":true")]
    [InlineData("\"boolean_value\":1", "\"metric_type\":\"boolean\",\"boolean_value\":true")]
    [InlineData("\"json_value\":{\"a\":1}", "\"metric_type\":\"json\",\"json_value\":{\"a\":1}")]
    [InlineData("\"json_value\":\"{\\\"a\\\":1}\",\"metric_type\":\"json\"", "\"metric_type\":\"json\",\"json_value\":{\"a\":1}")]
    [InlineData("\"json_value\":\"a\",\"metric_type\":\"json\"", null)]
    [InlineData("\"score_value\":null,\"boolean_value\":true", "\"metric_type\":\"boolean\",\"boolean_value\":true")]
    [InlineData("\"value\":0.5", "\"metric_type\":\"score\",\"score_value\":0.5")]
    [InlineData("\"value\":\"12\"", "\"metric_type\":\"score\",\"score_value\":12")]
    [InlineData("\"value\":\"12\",\"metric_type\":\"categorical\"", "\"metric_type\":\"categorical\",\"categorical_value\":\"12\"")]
    [InlineData("\"value\":true", "\"metric_type\":\"boolean\",\"boolean_value\":true")]
    [InlineData("\"value\":\"good\"", "\"metric_type\":\"categorical\",\"categorical_value\":\"good\"")]
    [InlineData("\"value\":{\"a\":1}", "\"metric_type\":\"json\",\"json_value\":{\"a\":1}")]
    [InlineData("\"score_value\":1,\"assessment\":\"PASS\"", "\"metric_type\":\"score\",\"score_value\":1,\"assessment\":\"pass\"")]
    [InlineData("\"score_value\":1,\"assessment\":null,\"reasoning\":null,\"metadata\":null,\"tags\":null,\"error\":null", "\"metric_type\":\"score\",\"score_value\":1")]
    [InlineData("\"score_value\":1,\"reasoning\":\"because\"", "\"metric_type\":\"score\",\"score_value\":1,\"reasoning\":\"because\"")]
    [InlineData("\"score_value\":1,\"metadata\":{\"k\":[1]}", "\"metric_type\":\"score\",\"score_value\":1,\"metadata\":{\"k\":[1]}")]
    [InlineData("\"score_value\":1,\"tags\":[\"a\"]", "\"metric_type\":\"score\",\"score_value\":1,\"tags\":[\"a\"]")]
    [InlineData("\"score_value\":1,\"error_message\":\"m\"", "\"metric_type\":\"score\",\"score_value\":1,\"error\":{\"message\":\"m\"}")]
    [InlineData("\"metric_type\":\"score\",\"error\":\"judge failed\"", "\"metric_type\":\"score\",\"error\":{\"message\":\"judge failed\"}")]
    [InlineData("\"metric_type\":\"score\",\"error\":{\"message\":\"m\"}", "\"metric_type\":\"score\",\"error\":{\"message\":\"m\"}")]
    [InlineData("\"score_value\":1,\"trace_id\":\"t\",\"metric_source\":\"custom\"", "\"metric_type\":\"score\",\"score_value\":1,\"trace_id\":\"t\",\"metric_source\":\"custom\"")]
    public void Each_field_of_a_metric_reaches_its_place(string given, string? written)
    {
        if (written is null)
        {
            Assert.Equal("json_value", EventJson.Refusal(EventJson.Metric(given)).Field); // text is an object only where it holds one
            return;
        }

        JsonAssert.Same(EventJson.Metric(written), EventJson.Write(EventJson.Metric(given)));
    }

    [Theory]
    [InlineData("", "value")]
    [InlineData("\"metric_type\":\"score\"", "score_value")]
    [InlineData("\"metric_type\":\"score\",\"boolean_value\":true", "metric_type")]
    [InlineData("\"metric_type\":\"percent\",\"score_value\":1", "metric_type")]
    [InlineData("\"score_value\":1,\"boolean_value\":true", "boolean_value")]
    [InlineData("\"score_value\":\"1,5\"", "score_value")]
    [InlineData("\"score_value\":\"1.000,5\"", "score_value")]
    [InlineData("\"score_value\":\"high\"", "score_value")]
    [InlineData("\"score_value\":\"NaN\"", "score_value")]
    [InlineData("\"score_value\":\"Infinity\"", "score_value")]
    [InlineData("\"score_value\":1e999", "score_value")]
    [InlineData("\"score_value\":true", "score_value")]
    [InlineData("\"score_value\":[1]", "score_value")]
    [InlineData("\"boolean_value\":\"yes\"", "boolean_value")]
    [InlineData("\"boolean_value\":2", "boolean_value")]
    [InlineData("\"json_value\":[1]", "json_value")]
    [InlineData("\"json_value\":5", "json_value")]
    [InlineData("\"score_value\":1,\"assessment\":\"maybe\"", "assessment")]
    [InlineData("\"score_value\":1,\"metadata\":\"text\"", "metadata")]
    public void A_value_that_has_no_place_in_its_field_is_refused_by_name(string given, string field) =>
        Assert.Equal(field, EventJson.Refusal(EventJson.Metric(given)).Field);

    [Theory]
    [InlineData("span_id")]
    [InlineData("label")]
    public void A_required_field_that_is_missing_or_blank_is_named(string field)
    {
        Assert.Equal(field, EventJson.Refusal(TableRow.Metric((field, null), ("score_value", 1)), EventKind.Metric).Field);
        Assert.Equal(field, EventJson.Refusal(TableRow.Metric((field, " "), ("score_value", 1)), EventKind.Metric).Field);
    }

    [Fact]
    public void A_summary_of_the_experiment_needs_no_span()
    {
        string json = EventJson.Write("""{"label":"l","score_value":1,"timestamp_ms":1700000000000,"metric_source":"summary"}""");
        JsonAssert.Same("""{"span_id":"","label":"l","metric_type":"score","score_value":1,"timestamp_ms":1700000000000,"metric_source":"summary"}""", json);
    }

    [Fact]
    public void A_metric_without_a_time_is_measured_now()
    {
        var time = new WaitlessTime();
        string json = EventJson.Write(new TableRow(("span_id", "s"), ("label", "l"), ("score_value", 1)), time: time);
        Assert.Contains($"\"timestamp_ms\":{time.GetUtcNow().ToUnixTimeMilliseconds()}", json, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_score_that_json_has_no_number_for_is_refused(double score) =>
        Assert.Equal("score_value", EventJson.Refusal(TableRow.Metric(("score_value", score))).Field);

    [Fact]
    public void A_single_precision_score_keeps_its_digits() =>
        Assert.Contains("\"score_value\":0.1,", EventJson.Write(TableRow.Metric(("score_value", 0.1f))), StringComparison.Ordinal);

    [Fact]
    public void A_typed_metric_is_written_as_it_was_built()
    {
        var metric = new Metric
        {
            SpanId = "s", Label = "l", MetricType = MetricType.Json, TimestampMs = 1_700_000_000_000, JsonValue = new Dictionary<string, object?> { ["a"] = 1 },
            Assessment = MetricAssessment.Fail, Reasoning = "r", ErrorMessage = "m", Metadata = new Dictionary<string, object?>(), Tags = ["t"],
        };
        JsonAssert.Same(
            EventJson.Metric("""
                "metric_type":"json","json_value":{"a":1},"assessment":"fail","reasoning":"r","error":{"message":"m"},"metadata":{},"tags":["t"]
                """),
            EventJson.Write(new MetricRow(metric, default, value => value), EventKind.Metric));
    }
}
