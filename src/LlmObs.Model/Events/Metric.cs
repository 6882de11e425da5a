namespace LlmObs;

/// <summary>
/// One evaluator's value for one span. Source: the request model of "Push events for an LLM Observability experiment".
/// </summary>
public sealed record Metric
{
    /// <summary><c>span_id</c>: the span that is measured.</summary>
    public required string SpanId { get; init; }

    /// <summary><c>label</c>: the evaluator's name; letters, digits, <c>_</c> and <c>-</c> by custom.</summary>
    public required string Label { get; init; }

    /// <summary><c>metric_type</c>: see <see cref="LlmObs.MetricType"/>. It determines which of the four values counts.</summary>
    public required string MetricType { get; init; }

    /// <summary><c>timestamp_ms</c>: milliseconds since the Unix epoch. The service refuses times older than 24 hours.</summary>
    public required long TimestampMs { get; init; }

    /// <summary><c>score_value</c>.</summary>
    public double? ScoreValue { get; init; }

    /// <summary><c>categorical_value</c>.</summary>
    public string? CategoricalValue { get; init; }

    /// <summary><c>boolean_value</c>.</summary>
    public bool? BooleanValue { get; init; }

    /// <summary><c>json_value</c>: anything that becomes a JSON object.</summary>
    public object? JsonValue { get; init; }

    /// <summary><c>assessment</c>: <c>pass</c> or <c>fail</c>.</summary>
    public string? Assessment { get; init; }

    /// <summary><c>reasoning</c>: why the evaluator gave this value.</summary>
    public string? Reasoning { get; init; }

    /// <summary><c>error.message</c>: why the evaluator gave none.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary><c>metadata</c>: anything that becomes a JSON object.</summary>
    public object? Metadata { get; init; }

    /// <summary><c>tags</c>, each <c>key:value</c> by custom.</summary>
    public IReadOnlyList<string> Tags { get; init => field = HostSafeList<string>.Of(value); } = HostSafeList<string>.None;

    /// <summary>The time of measuring, UTC, to the millisecond.</summary>
    public DateTimeOffset Timestamp => DateTimeOffset.FromUnixTimeMilliseconds(TimestampMs);

    /// <summary>The value that <see cref="MetricType"/> speaks of.</summary>
    public object? Value => MetricType switch
    {
        LlmObs.MetricType.Score => ScoreValue,
        LlmObs.MetricType.Categorical => CategoricalValue,
        LlmObs.MetricType.Boolean => BooleanValue,
        _ => JsonValue,
    };
}

/// <summary>The type of a metric's value (<c>metric_type</c>).</summary>
public static class MetricType
{
    /// <summary>A number, in <c>score_value</c>.</summary>
    public const string Score = "score";

    /// <summary>A word, in <c>categorical_value</c>.</summary>
    public const string Categorical = "categorical";

    /// <summary>True or false, in <c>boolean_value</c>.</summary>
    public const string Boolean = "boolean";

    /// <summary>A JSON object, in <c>json_value</c>.</summary>
    public const string Json = "json";

    /// <summary>All kinds.</summary>
    public static IReadOnlyList<string> All { get; } = [Score, Categorical, Boolean, Json];
}

/// <summary>The verdicts that a metric may carry (<c>assessment</c>).</summary>
public static class MetricAssessment
{
    /// <summary>The value is good enough.</summary>
    public const string Pass = "pass";

    /// <summary>The value is not good enough.</summary>
    public const string Fail = "fail";

    /// <summary>All verdicts.</summary>
    public static IReadOnlyList<string> All { get; } = [Pass, Fail];
}
