namespace LlmObs.PowerShell.Parameters;

/// <summary>
/// A field of evaluation metrics that a query, a group or a computation can name. Source: the models of "Push events" and of
/// experiments; any other name is an attribute or a tag of the user's own.
/// </summary>
/// <param name="Meaning">Its content.</param>
/// <param name="Values">The values that it can have, if they are few.</param>
internal sealed record SearchField(string Name, string Meaning, IReadOnlyList<string>? Values = null)
{
    public static IReadOnlyList<SearchField> All { get; } =
    [
        new("label", "the evaluator"),
        new("metric_type", "score, categorical, boolean or json", MetricType.All),
        new("assessment", "pass or fail", MetricAssessment.All),
        new("score_value", "the score"),
        new("categorical_value", "the category"),
        new("boolean_value", "true or false", ["true", "false"]),
        new("timestamp_ms", "when it was measured, milliseconds since 1970"),
        new("experiment_id", "the experiment"),
        new("span_id", "the span"),
        new("trace_id", "the span's trace"),
        new("name", "the span's name"),
        new("status", "the span's state", SpanStatus.All),
        new("start_ns", "the span's start, nanoseconds since 1970"),
        new("duration", "the span's duration, nanoseconds"),
        new("input", "the span's input"),
        new("output", "the span's output"),
        new("expected_output", "the span's expected output"),
        new("project_id", "the project"),
        new("dataset_id", "the dataset"),
        new("dataset_version", "the dataset's version"),
        new("tags", "the tags"),
    ];

    /// <summary>
    /// The warnings about names that are not fields, but similar to one. None is an error: it can be an attribute or a tag.
    /// </summary>
    public static IEnumerable<string> WarningsOf(IEnumerable<string> names)
    {
        string[] known = [.. All.Select(field => field.Name)];
        return names.Select(name => name.TrimStart('@'))
            .Where(name => !known.Contains(name, StringComparer.Ordinal))
            .Select(name => (Name: name, Question: NearestWord.Ask(name, known)))
            .Where(one => one.Question.Length > 0)
            .Select(one => Warnings.NoFieldOfQuery(one.Name, one.Question));
    }
}
