namespace LlmObs.Client.Rows;

/// <summary>The fields that rows can have, whatever their names in the source. See <see cref="FieldNames"/> for the names.</summary>
public enum EventField
{
    /// <summary><c>span_id</c> of a span, or of the span that a metric measures.</summary>
    SpanId,

    /// <summary><c>trace_id</c>.</summary>
    TraceId,

    /// <summary><c>experiment_id</c>: the row's experiment.</summary>
    ExperimentId,

    /// <summary><c>project_id</c> of a span.</summary>
    ProjectId,

    /// <summary><c>dataset_id</c> of a span.</summary>
    DatasetId,

    /// <summary><c>name</c> of a span.</summary>
    Name,

    /// <summary><c>start_ns</c> of a span, in any form of time.</summary>
    Start,

    /// <summary><c>duration</c> of a span: nanoseconds or a TimeSpan.</summary>
    Duration,

    /// <summary><c>status</c> of a span.</summary>
    Status,

    /// <summary><c>meta</c> of a span, as an object.</summary>
    Meta,

    /// <summary><c>meta.input</c>.</summary>
    Input,

    /// <summary><c>meta.output</c>.</summary>
    Output,

    /// <summary><c>meta.expected_output</c>.</summary>
    ExpectedOutput,

    /// <summary><c>meta.error</c> of a span or <c>error</c> of a metric, as an object or as its message.</summary>
    Error,

    /// <summary><c>error.message</c>.</summary>
    ErrorMessage,

    /// <summary><c>error.type</c>.</summary>
    ErrorType,

    /// <summary><c>error.stack</c>.</summary>
    ErrorStack,

    /// <summary><c>tags</c>.</summary>
    Tags,

    /// <summary><c>metadata</c> of a metric, <c>meta.metadata</c> of a span.</summary>
    Metadata,

    /// <summary><c>label</c> of a metric.</summary>
    Label,

    /// <summary><c>metric_type</c>.</summary>
    MetricType,

    /// <summary><c>timestamp_ms</c> of a metric, in any form of time.</summary>
    Timestamp,

    /// <summary>A metric's value, of the type in <c>metric_type</c>, or of the type that its form shows.</summary>
    Value,

    /// <summary><c>score_value</c>.</summary>
    ScoreValue,

    /// <summary><c>categorical_value</c>.</summary>
    CategoricalValue,

    /// <summary><c>boolean_value</c>.</summary>
    BooleanValue,

    /// <summary><c>json_value</c>.</summary>
    JsonValue,

    /// <summary><c>assessment</c> of a metric.</summary>
    Assessment,

    /// <summary><c>reasoning</c> of a metric.</summary>
    Reasoning,

    /// <summary><c>metric_source</c>: <c>custom</c> or <c>summary</c>; taken by the live service, not in its documents.</summary>
    MetricSource,

    /// <summary>
    /// <c>dataset_record_id</c> of a span: the record of the dataset that was evaluated. It is sent as a tag of that name, as
    /// Datadog's own clients do.
    /// </summary>
    DatasetRecordId,

    /// <summary>
    /// <c>eval_metrics</c>: the metrics of a span, as the service returns them with it. This field and those after it are
    /// not sent.
    /// </summary>
    EvalMetrics,

    /// <summary><c>parent_id</c> of a span that was read back.</summary>
    ParentId,

    /// <summary>Numbers that were measured with a span that was read back.</summary>
    Measures,

    /// <summary>Unknown fields of an event that was read back.</summary>
    AdditionalProperties,
}
