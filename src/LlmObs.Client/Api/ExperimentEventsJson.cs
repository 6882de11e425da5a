using System.Text.Json;

namespace LlmObs.Client.Api;

/// <summary>Events of an experiment as the API gives them back.</summary>
/// <param name="experimentId">The experiment that was asked for.</param>
/// <param name="withSuperseded">True if a span keeps metrics that a later one of the same label replaced.</param>
/// <param name="freeForm">Reads free-form values.</param>
internal sealed class ExperimentEventsJson(string experimentId, bool withSuperseded, HostObjectJson freeForm)
{
    /// <exception cref="FormatException">There is no list of spans in it.</exception>
    public Page<ExperimentSpan> ReadSpans(JsonElement root) =>
        new(ResourceJson.ReadItems(Attribute(root, "spans"), "data.attributes.spans", ReadSpan), ResourceJson.Next(root));

    /// <exception cref="FormatException">There is no list of summary metrics in it.</exception>
    public IReadOnlyList<ExperimentMetric> ReadSummary(JsonElement root) =>
        ResourceJson.ReadItems(Attribute(root, "summary_metrics"), "data.attributes.summary_metrics", ReadMetric);

    private static JsonElement? Attribute(JsonElement root, string name) => ResourceJson.Member(root, "data", "attributes", name);

    private ExperimentSpan ReadSpan(JsonElement item)
    {
        var fields = new LenientObject(item, freeForm);
        var meta = new LenientObject(fields.Object("meta") ?? default, freeForm);
        var error = new LenientObject(meta.Object("error") ?? default, freeForm);
        string? id = fields.Text("id");
        return new ExperimentSpan
        {
            SpanId = fields.Text("span_id") ?? id,
            TraceId = fields.Text("trace_id"),
            ParentId = fields.Text("parent_id"),
            Name = fields.Text("name"),
            Status = fields.Text("status"),
            StartNs = fields.Integer("start_ns"),
            DurationNs = fields.Rounded("duration"),
            Input = meta.FreeForm("input"),
            Output = meta.FreeForm("output"),
            ExpectedOutput = meta.FreeForm("expected_output"),
            ErrorMessage = error.Text("message"),
            ErrorType = error.Text("type"),
            ErrorStack = error.Text("stack"),
            Metadata = meta.FreeForm("metadata"),
            Tags = fields.Texts("tags"),
            EvalMetrics = ReadMetrics(fields),
            Measures = fields.FreeForm("metrics"),
            ProjectId = fields.Text("project_id"),
            DatasetId = fields.Text("dataset_id"),
            DatasetRecordId = fields.Text("dataset_record_id"),
            ExperimentId = experimentId,
            AdditionalProperties = fields.UnknownMembers(("meta", meta), ("meta.error", error)),
        };
    }

    private List<ExperimentMetric> ReadMetrics(LenientObject fields)
    {
        List<ExperimentMetric> all = fields.List("eval_metrics", ReadMetric);
        return withSuperseded ? all : Latest(all);
    }

    // The store only appends: of one label the latest counts, of equal ones the last to arrive.
    private static List<ExperimentMetric> Latest(List<ExperimentMetric> all)
    {
        var latest = new OrderedDictionary<string, ExperimentMetric>(StringComparer.Ordinal);
        foreach (ExperimentMetric metric in all)
        {
            string label = metric.Label ?? string.Empty;
            if (!latest.TryGetValue(label, out ExperimentMetric? before) || !(before.TimestampMs > metric.TimestampMs))
            {
                latest[label] = metric;
            }
        }

        return [.. latest.Values];
    }

    private ExperimentMetric ReadMetric(JsonElement item)
    {
        var fields = new LenientObject(item, freeForm);
        var error = new LenientObject(fields.Object("error") ?? default, freeForm);
        return new ExperimentMetric
        {
            Id = fields.Text("id"),
            SpanId = fields.Text("span_id"),
            TraceId = fields.Text("trace_id"),
            Label = fields.Text("label"),
            MetricType = fields.Text("metric_type"),
            TimestampMs = fields.Integer("timestamp_ms"),
            ScoreValue = fields.Number("score_value"),
            CategoricalValue = fields.Text("categorical_value"),
            BooleanValue = fields.Boolean("boolean_value"),
            JsonValue = fields.FreeForm("json_value"),
            Assessment = fields.Text("assessment"),
            Reasoning = fields.Text("reasoning"),
            ErrorMessage = error.Text("message"),
            Metadata = fields.FreeForm("metadata"),
            Tags = fields.Texts("tags"),
            MetricSource = fields.Text("metric_source"),
            EvalSourceType = fields.Text("eval_source_type"),
            AdditionalProperties = fields.UnknownMembers(("error", error)),
        };
    }
}
