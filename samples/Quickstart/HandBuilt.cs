namespace LlmObs.Quickstart;

/// <summary>The events that the fourth step builds itself; the script has the same ones, in its own words.</summary>
internal static class HandBuilt
{
    private const string Name = "answer_question";
    private const long NanosecondsPerMillisecond = 1_000_000;

    private static readonly Span Answered = new()
    {
        SpanId = "5f0c27d1a86be394",
        TraceId = "c81d90e25b7f4a36b3f2086e4d7195aa",
        Name = Name,
        StartNs = Now.ToUnixTimeMilliseconds() * NanosecondsPerMillisecond,
        DurationNs = 1_250 * NanosecondsPerMillisecond,
        Input = "Can I use \"Mossbridge\" offline? \U0001F4F4",
        Output = "Yes. Mark a folder with 'Keep on this device'.",
        ExpectedOutput = new Dictionary<string, object?> { ["answer"] = "Mark the folder with 'Keep on this device'." },
        Tags = ["topic:offline", "lang:en"],
    };

    private static readonly Span Unanswered = new()
    {
        SpanId = "b2946ea07d13f85c",
        TraceId = "0e6a53f7d9c24b8188fd31c05a7be492",
        Name = Name,
        StartNs = Now.ToUnixTimeMilliseconds() * NanosecondsPerMillisecond,
        DurationNs = 30_000 * NanosecondsPerMillisecond,
        Status = SpanStatus.Error,
        Input = "What does the Business plan cost?",
        ErrorType = "TimeoutError",
        ErrorMessage = "The model did not answer within 30 s.",
        Tags = ["topic:plans", "lang:en"],
    };

    public static IReadOnlyList<Span> Spans { get; } = [Answered, Unanswered];

    public static IReadOnlyList<Metric> Metrics { get; } =
    [
        Of(Answered, "faithfulness", MetricType.Score) with { ScoreValue = 0.96, Assessment = MetricAssessment.Pass },
        Of(Answered, "answer_relevancy", MetricType.Score) with { ScoreValue = 0.91, Assessment = MetricAssessment.Pass },
        Of(Answered, "category", MetricType.Categorical) with { CategoricalValue = "sync" },
        Of(Answered, "rubric", MetricType.Json) with { JsonValue = new Dictionary<string, object?> { ["completeness"] = 4, ["tone"] = 5 } },
        Of(Unanswered, "correctness", MetricType.Boolean) with
        {
            BooleanValue = false,
            Assessment = MetricAssessment.Fail,
            Reasoning = "There is no answer.",
        },
    ];

    private static DateTimeOffset Now => DateTimeOffset.UtcNow;

    private static Metric Of(Span span, string label, string type) =>
        new() { SpanId = span.SpanId, Label = label, MetricType = type, TimestampMs = Now.ToUnixTimeMilliseconds() };
}
