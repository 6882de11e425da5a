namespace LlmObs;

/// <summary>The result of one evaluator for one row, or of a summary evaluator for one iteration. It is sent as a metric.</summary>
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

    /// <summary>The reason for the value.</summary>
    public string? Reasoning { get; init; }

    /// <summary>The error; null if the evaluator finished.</summary>
    public RowError? Error { get; init; }

    /// <summary>Any other data from the evaluator, a JSON object; null for none.</summary>
    public object? Metadata { get; init; }

    /// <summary>Tags of the metric, each as <c>key:value</c>.</summary>
    public IReadOnlyList<string> Tags { get => field; init => field = HostSafeList<string>.Of(value); } = HostSafeList<string>.None;

    /// <summary>The text in a table's cell.</summary>
    /// <returns>The value, else the error.</returns>
    public override string ToString() => Error is null ? Convert.ToString(Value, System.Globalization.CultureInfo.InvariantCulture) ?? string.Empty : Error.Message;
}

/// <summary>Something that judges a row, or all rows of an iteration. New-LlmObsEvaluator makes it.</summary>
public sealed class Evaluator
{
    /// <summary>Makes an evaluator.</summary>
    /// <param name="name">The label of its metric.</param>
    /// <param name="kind">Its kind: the name of an included evaluator, or <c>Script</c>.</param>
    /// <param name="body">The script block, or the included evaluator itself.</param>
    /// <param name="isSummary">True if it sees all rows of an iteration instead of one.</param>
    /// <param name="script">A script block that the included evaluator asks; null if it asks none.</param>
    public Evaluator(string name, string kind, object body, bool isSummary = false, object? script = null)
    {
        Script = script;
        Name = name;
        Kind = kind;
        Body = body;
        IsSummary = isSummary;
    }

    /// <summary>The label of its metric.</summary>
    public string Name { get; }

    /// <summary>Its kind: the name of an included evaluator, or <c>Script</c>.</summary>
    public string Kind { get; }

    /// <summary>The script block, or the included evaluator itself.</summary>
    public object Body { get; }

    /// <summary>True if it sees all rows of an iteration instead of one.</summary>
    public bool IsSummary { get; }

    /// <summary>A script block that the included evaluator asks; null if it asks none.</summary>
    public object? Script { get; }

    /// <summary>Its name.</summary>
    /// <returns><see cref="Name"/>.</returns>
    public override string ToString() => Name;
}
