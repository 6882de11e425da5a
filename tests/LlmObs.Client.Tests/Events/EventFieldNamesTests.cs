namespace LlmObs.Client.Tests;

public sealed class EventFieldNamesTests
{
    public static TheoryData<EventField, string[]> Names => new()
    {
        { EventField.SpanId, ["span_id", "SpanId", "spanId", "SPAN_ID", "span-id", "Span Id"] },
        { EventField.TraceId, ["trace_id", "TraceId", "traceId"] },
        { EventField.ExperimentId, ["experiment_id", "ExperimentId", "experimentId"] },
        { EventField.ProjectId, ["project_id", "ProjectId", "projectId"] },
        { EventField.DatasetId, ["dataset_id", "DatasetId", "datasetId"] },
        { EventField.Name, ["name", "Name"] },
        { EventField.Start, ["start_ns", "StartNs", "startNs", "start_time", "StartTime", "start"] },
        { EventField.Duration, ["duration", "Duration", "duration_ns", "DurationNs"] },
        { EventField.Status, ["status", "Status"] },
        { EventField.Meta, ["meta", "Meta"] },
        { EventField.Input, ["input", "Input", "meta.input", "Meta.Input", "META.INPUT"] },
        { EventField.Output, ["output", "Output", "meta.output"] },
        { EventField.ExpectedOutput, ["expected_output", "ExpectedOutput", "expectedOutput", "meta.expected_output", "meta.ExpectedOutput"] },
        { EventField.Error, ["error", "Error", "meta.error"] },
        { EventField.ErrorMessage, ["error_message", "ErrorMessage", "errorMessage", "error.message", "meta.error.message", "meta.error_message"] },
        { EventField.ErrorType, ["error_type", "ErrorType", "error.type", "meta.error.type"] },
        { EventField.ErrorStack, ["error_stack", "ErrorStack", "error.stack", "meta.error.stack"] },
        { EventField.Tags, ["tags", "Tags", "tag", "Tag"] },
        { EventField.Metadata, ["metadata", "Metadata", "meta.metadata"] },
        { EventField.Label, ["label", "Label"] },
        { EventField.MetricType, ["metric_type", "MetricType", "metricType"] },
        { EventField.Timestamp, ["timestamp_ms", "TimestampMs", "timestampMs", "timestamp", "Timestamp"] },
        { EventField.Value, ["value", "Value"] },
        { EventField.ScoreValue, ["score_value", "ScoreValue", "scoreValue"] },
        { EventField.CategoricalValue, ["categorical_value", "CategoricalValue"] },
        { EventField.BooleanValue, ["boolean_value", "BooleanValue"] },
        { EventField.JsonValue, ["json_value", "JsonValue"] },
        { EventField.Assessment, ["assessment", "Assessment"] },
        { EventField.Reasoning, ["reasoning", "Reasoning"] },
        { EventField.MetricSource, ["metric_source", "MetricSource"] },
        { EventField.EvalMetrics, ["eval_metrics", "EvalMetrics"] },
        { EventField.ParentId, ["parent_id", "ParentId"] },
        { EventField.DatasetRecordId, ["dataset_record_id", "DatasetRecordId"] },
        { EventField.Measures, ["Measures"] },
        { EventField.AdditionalProperties, ["AdditionalProperties"] },
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void A_field_is_known_under_each_of_its_names(EventField field, string[] names)
    {
        System.Globalization.CultureInfo before = System.Globalization.CultureInfo.CurrentCulture;
        System.Globalization.CultureInfo.CurrentCulture = new System.Globalization.CultureInfo("tr-TR");
        try
        {
            Assert.All(names, name =>
            {
                Assert.True(FieldNames.TryFind(name, out EventField found, out string? member), name);
                Assert.Equal((field, null), (found, member));
            });
        }
        finally
        {
            System.Globalization.CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Every_field_has_a_name() =>
        Assert.Equal(Enum.GetValues<EventField>().Order(), Names.Select(row => (EventField)((object[])row)[0]).Order());

    [Theory]
    [InlineData("meta.model_name", "model_name")]
    [InlineData("Meta.Temperature", "Temperature")]
    [InlineData("meta.span_id", "span_id")]
    [InlineData("meta.a.b", "a.b")]
    public void An_unknown_name_under_meta_is_a_member_of_meta(string name, string member)
    {
        Assert.False(FieldNames.TryFind(name, out _, out string? found));
        Assert.Equal(member, found);
    }

    [Theory]
    [InlineData("")]
    [InlineData("question")]
    [InlineData("metainput")]
    [InlineData("score")]
    [InlineData("a_name_that_is_far_too_long_to_be_one_of_the_fields_of_an_event_and_goes_on")]
    public void Every_other_name_is_unknown(string name)
    {
        Assert.False(FieldNames.TryFind(name, out _, out string? member));
        Assert.Null(member);
    }

    [Theory]
    [InlineData("start_ns,start_time", "start_ns", "start_time", true)]
    [InlineData("StartTime,StartNs", "StartNs", "StartTime", true)]
    [InlineData("start,StartTime", "start", "StartTime", false)]
    [InlineData("Duration,DurationNs", "DurationNs", "Duration", true)]
    [InlineData("Timestamp,TimestampMs", "TimestampMs", "Timestamp", true)]
    [InlineData("input,meta.input", "input", "meta.input", false)]
    public void Of_two_names_of_a_field_the_exact_one_counts_else_the_first(string header, string counts, string other, bool isView)
    {
        string[] columns = header.Split(',');
        var plan = new ColumnMap(columns, new HashSet<string>());
        DuplicateColumn repeated = Assert.Single(plan.Repeated);
        Assert.Equal((counts, other, isView), (repeated.Name, repeated.Other, repeated.IsView));
        Assert.Equal((counts, other), (columns[plan.ColumnOf(repeated.Field)], columns[plan.ColumnOfRepeated(0)]));
        JsonRow row = EventJson.Row($$"""{"{{columns[0]}}":1,"{{columns[1]}}":2}""");
        Assert.Equal(repeated, Assert.Single(row.Repeated));
        Assert.Equal(columns[0] == counts ? "1" : "2", System.Text.Encoding.UTF8.GetString(row.Get(repeated.Field).Utf8));
        Assert.Equal(columns[0] == counts ? "2" : "1", System.Text.Encoding.UTF8.GetString(row.GetRepeated(0).Utf8));
    }

    [Fact]
    public void Of_three_names_of_a_field_the_exact_one_counts_wherever_it_stands()
    {
        var plan = new ColumnMap(["start", "StartTime", "StartNs"], new HashSet<string>());
        Assert.Equal(2, plan.ColumnOf(EventField.Start));
        Assert.All(plan.Repeated, repeated => Assert.Equal(("StartNs", true), (repeated.Name, repeated.IsView)));
        Assert.Equal(["StartTime", "start"], plan.Repeated.Select(repeated => repeated.Other));
    }

    [Fact]
    public void Columns_that_are_only_read_are_no_unknown_ones()
    {
        Assert.Equal(["id", "mine"], new ColumnMap(["id", "span_id", "mine"], new HashSet<string>()).UnknownColumns);
        Assert.Equal(["mine"], new ColumnMap(["Id", "TimestampMs", "Timestamp", "EvalSourceType", "ParentId", "mine"], new HashSet<string>()).UnknownColumns);
    }

    [Fact]
    public void A_member_of_meta_that_is_named_twice_is_refused()
    {
        Assert.Equal("meta.model", Assert.Throws<EventRowException>(() => EventJson.Row("""{"meta.model":"a","Meta.model":"b"}""")).Field);
        EventRowException refusal = Assert.Throws<EventRowException>(() => new ColumnMap(["meta.model", "name", "Meta.model"], new HashSet<string>()));
        Assert.Equal("meta.model is given by two columns, 'meta.model' and 'Meta.model'; leave one out", refusal.Message);
    }
}
