namespace LlmObs.Client.Tests;

public sealed class SpanFieldsTests
{
    [Theory]
    [InlineData("", "\"status\":\"ok\"")]
    [InlineData("\"status\":\"error\"", "\"status\":\"error\"")]
    [InlineData("\"status\":\" OK \"", "\"status\":\"ok\"")]
    [InlineData("\"status\":null", "\"status\":\"ok\"")]
    [InlineData("\"input\":\"q\"", "\"status\":\"ok\",\"meta\":{\"input\":\"q\"}")]
    [InlineData("\"input\":null,\"output\":null", "\"status\":\"ok\",\"meta\":{\"input\":null,\"output\":null}")]
    [InlineData("\"input\":\"\"", "\"status\":\"ok\",\"meta\":{\"input\":\"\"}")]
    [InlineData("\"input\":{\"a\":[1,null]},\"output\":[1.50,true]", "\"status\":\"ok\",\"meta\":{\"input\":{\"a\":[1,null]},\"output\":[1.50,true]}")]
    [InlineData("\"input\":9223372036854775807,\"output\":12345678901234567890", "\"status\":\"ok\",\"meta\":{\"input\":9223372036854775807,\"output\":12345678901234567890}")]
    [InlineData("\"expected_output\":{\"answer\":1}", "\"status\":\"ok\",\"meta\":{\"expected_output\":{\"answer\":1}}")]
    [InlineData("\"expected_output\":\"Paris\"", "\"status\":\"ok\",\"meta\":{\"expected_output\":\"Paris\"}")]
    [InlineData("\"expected_output\":null", "\"status\":\"ok\"")]
    [InlineData("\"metadata\":{\"k\":1}", "\"status\":\"ok\",\"meta\":{\"metadata\":{\"k\":1}}")]
    [InlineData("\"error_message\":\"boom\"", "\"status\":\"error\",\"meta\":{\"error\":{\"message\":\"boom\"}}")]
    [InlineData("\"error_type\":\"T\"", "\"status\":\"error\",\"meta\":{\"error\":{\"type\":\"T\"}}")]
    [InlineData("\"error_message\":\"m\",\"error_type\":\"T\",\"error_stack\":\"at x\"", "\"status\":\"error\",\"meta\":{\"error\":{\"message\":\"m\",\"type\":\"T\",\"stack\":\"at x\"}}")]
    [InlineData("\"error\":\"boom\"", "\"status\":\"error\",\"meta\":{\"error\":{\"message\":\"boom\"}}")]
    [InlineData("\"error\":{\"message\":\"m\",\"stack\":\"s\"}", "\"status\":\"error\",\"meta\":{\"error\":{\"message\":\"m\",\"stack\":\"s\"}}")]
    [InlineData("\"error\":\"m\",\"status\":\"ok\"", "\"status\":\"ok\",\"meta\":{\"error\":{\"message\":\"m\"}}")]
    [InlineData("\"error\":null,\"error_message\":\"  \"", "\"status\":\"ok\"")]
    [InlineData("\"meta\":{\"input\":1,\"model\":\"x\"}", "\"status\":\"ok\",\"meta\":{\"input\":1,\"model\":\"x\"}")]
    [InlineData("\"meta\":null", "\"status\":\"ok\"")]
    [InlineData("\"meta\":{\"input\":1,\"output\":2,\"m\":3},\"input\":4", "\"status\":\"ok\",\"meta\":{\"input\":4,\"output\":2,\"m\":3}")]
    [InlineData("\"meta\":{\"error\":{\"message\":\"a\"}},\"error_message\":\"b\"", "\"status\":\"error\",\"meta\":{\"error\":{\"message\":\"b\"}}")]
    [InlineData("\"meta.model\":\"x\",\"meta.input\":\"i\"", "\"status\":\"ok\",\"meta\":{\"input\":\"i\",\"model\":\"x\"}")]
    [InlineData("\"meta.model\":\"x\",\"meta\":{\"model\":\"y\",\"t\":1}", "\"status\":\"ok\",\"meta\":{\"model\":\"x\",\"t\":1}")]
    [InlineData("\"tags\":[\"a:b\",\"c\"]", "\"status\":\"ok\",\"tags\":[\"a:b\",\"c\"]")]
    public void Each_field_of_a_span_reaches_its_place(string given, string written) =>
        JsonAssert.Same(EventJson.Span(written), EventJson.Write(EventJson.Span(given)));

    [Theory]
    [InlineData("trace_id")]
    [InlineData("span_id")]
    [InlineData("project_id")]
    [InlineData("dataset_id")]
    [InlineData("name")]
    [InlineData("start_ns")]
    [InlineData("duration")]
    public void A_required_field_that_is_missing_null_or_blank_is_named(string field)
    {
        foreach (object? blank in (object?[])[null, "", "  ", DBNull.Value])
        {
            if (blank is DBNull)
            {
                continue;
            }

            EventRowException refusal = EventJson.Refusal(TableRow.Span((field, blank)), EventKind.Span);
            Assert.Equal((field, "is missing"), (refusal.Field, refusal.Reason));
        }
    }

    [Fact]
    public void Project_and_dataset_come_from_the_defaults_where_a_row_names_none()
    {
        var defaults = new EventDefaults { ProjectId = "p0", DatasetId = "d0" };
        string bare = """{"trace_id":"t","span_id":"s","name":"n","start_ns":1700000000000000000,"duration":5}""";
        JsonAssert.Same(bare[..^1] + ",\"project_id\":\"p0\",\"dataset_id\":\"d0\",\"status\":\"ok\"}", EventJson.Write(bare, null, defaults));
        JsonAssert.Same(EventJson.Span("\"status\":\"ok\""), EventJson.Write(EventJson.Span(""), null, defaults));
    }

    [Theory]
    [InlineData("\"status\":\"fine\"", "status")]
    [InlineData("\"status\":{}", "status")]
    [InlineData("\"trace_id\":{},\"input\":1", "trace_id")]
    [InlineData("\"meta\":[1]", "meta")]
    [InlineData("\"meta\":\"text\"", "meta")]
    [InlineData("\"meta\":[1],\"input\":1", "meta")]
    [InlineData("\"metadata\":[1]", "metadata")]
    [InlineData("\"error\":{\"message\":\"a\"},\"error_message\":\"b\"", "error")]
    [InlineData("\"tags\":[1]", "tags")]
    [InlineData("\"tags\":{\"a\":1}", "tags")]
    public void A_value_that_has_no_place_in_its_field_is_refused_by_name(string given, string field)
    {
        string start = given.StartsWith("\"trace_id", StringComparison.Ordinal) ? EventJson.Span(given).Replace("\"trace_id\":\"t\",", "", StringComparison.Ordinal) : EventJson.Span(given);
        Assert.Equal(field, EventJson.Refusal(start).Field);
    }

    [Fact]
    public void Values_inside_a_hosts_object_are_refused_with_their_path()
    {
        EventRowException refusal = EventJson.Refusal(TableRow.Span(("input", new Dictionary<string, object?> { ["a"] = new object[] { 1, double.NaN } })));
        Assert.Equal("input.a[1]", refusal.Field);
    }

    [Fact]
    public void Ids_that_are_numbers_become_text()
    {
        string json = EventJson.Write(TableRow.Span(("span_id", 18446744073709551615UL), ("trace_id", Guid.Empty)));
        Assert.Contains("\"span_id\":\"18446744073709551615\"", json, StringComparison.Ordinal);
        Assert.Contains("\"trace_id\":\"00000000-0000-0000-0000-000000000000\"", json, StringComparison.Ordinal);
    }

    [Fact]
    public void A_typed_span_is_written_as_it_was_built()
    {
        var span = new Span
        {
            SpanId = "s", TraceId = "t", Name = "n", StartNs = long.MaxValue, DurationNs = 0, Status = SpanStatus.Error, ProjectId = "p", DatasetId = "d",
            Input = new object[] { 1 }, Output = "o", ExpectedOutput = 2.5m, ErrorMessage = "m", ErrorType = "T", ErrorStack = "st", Tags = ["x:y,z"],
        };
        JsonAssert.Same(
            """
            {"trace_id":"t","span_id":"s","project_id":"p","dataset_id":"d","name":"n","start_ns":9223372036854775807,"duration":0,"status":"error","tags":["x:y,z"],
            "meta":{"input":[1],"output":"o","expected_output":2.5,"error":{"message":"m","type":"T","stack":"st"}}}
            """,
            EventJson.Write(new SpanRow(span, default, value => value), EventKind.Span));
    }
}
