namespace LlmObs;

/// <summary>What one evaluator found of one row, or a summary evaluator of one iteration. It is sent as a metric.</summary>
public sealed record EvaluationResult
{
    /// <summary>The label of the metric; empty until the evaluator's name is known.</summary>
    public string Label { get; init; } = string.Empty;

    /// <summary>The kind of the value: one of <see cref="LlmObs.MetricType"/>; null until the value was looked at.</summary>
    public string? MetricType { get; init; }

    /// <summary>The value: a number, a boolean, text or an object; null if there is none.</summary>
    public object? Value { get; init; }

    /// <summary>The verdict: one of <see cref="MetricAssessment"/>; null if the evaluator gives none.</summary>
    public string? Assessment { get; init; }

    /// <summary>Why the value is what it is.</summary>
    public string? Reasoning { get; init; }

    /// <summary>What went wrong; null if the evaluator came to its end.</summary>
    public RowError? Error { get; init; }

    /// <summary>Whatever else the evaluator tells, a JSON object; null if it tells nothing.</summary>
    public object? Metadata { get; init; }

    /// <summary>Tags of the metric, each as <c>key:value</c>.</summary>
    public IReadOnlyList<string> Tags { get => field; init => field = HostSafeList<string>.Of(value); } = HostSafeList<string>.None;

    /// <summary>What a table's cell shows.</summary>
    /// <returns>The value, else the error.</returns>
    public override string ToString() => Error is null ? Convert.ToString(Value, System.Globalization.CultureInfo.InvariantCulture) ?? string.Empty : Error.Message;
}
