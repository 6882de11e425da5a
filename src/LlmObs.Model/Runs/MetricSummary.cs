namespace LlmObs;

/// <summary>What came of one metric over all rows of a run.</summary>
public sealed record MetricSummary
{
    /// <summary>The metric's label.</summary>
    public required string Label { get; init; }

    /// <summary>The kind of its values: one of <see cref="LlmObs.MetricType"/>; null if no row has a value.</summary>
    public string? MetricType { get; init; }

    /// <summary>The mean of the scores; null for other kinds.</summary>
    public double? Mean { get; init; }

    /// <summary>The part of rows whose value is true, 0 to 1; null for other kinds.</summary>
    public double? Rate { get; init; }

    /// <summary>Rows that have a value.</summary>
    public int Count { get; init; }

    /// <summary>Rows whose verdict is pass.</summary>
    public int PassedCount { get; init; }

    /// <summary>Rows whose verdict is fail.</summary>
    public int FailedCount { get; init; }

    /// <summary>Rows whose evaluator failed.</summary>
    public int ErrorCount { get; init; }

    /// <summary>Rows without a value: the task failed and evaluators were skipped, or the evaluator gave none.</summary>
    public int MissingCount { get; init; }

    /// <summary>The label.</summary>
    /// <returns><see cref="Label"/>.</returns>
    public override string ToString() => Label;
}
