namespace LlmObs;

/// <summary>An experiment that was run here: its facts, its end, and its rows.</summary>
public sealed record ExperimentRun
{
    /// <summary>The experiment that the rows were recorded in.</summary>
    public required Experiment Experiment { get; init; }

    /// <summary>The experiment's page in Datadog's web application; null if the service has none, as the emulator.</summary>
    public Uri? Url { get; init; }

    /// <summary>The outcome of the run: one of <see cref="ExperimentStatus"/>.</summary>
    public required string Status { get; init; }

    /// <summary>The rows, in the order in which they were finished; empty if they were not kept.</summary>
    public IReadOnlyList<ExperimentRow> Rows { get; init; } = [];

    /// <summary>Each metric over all rows, in the order of the evaluators.</summary>
    public IReadOnlyList<MetricSummary> Metrics { get => field; init => field = HostSafeList<MetricSummary>.Of(value); } = HostSafeList<MetricSummary>.None;

    /// <summary>The summary evaluations, one list for all iterations.</summary>
    public IReadOnlyList<EvaluationResult> SummaryEvaluations { get; init; } = [];

    /// <summary>Rows that were finished, failed ones included.</summary>
    public int RowCount { get; init; }

    /// <summary>Rows whose task failed.</summary>
    public int FailedCount { get; init; }

    /// <summary>Evaluations that failed, skipped ones not counted.</summary>
    public int ErrorCount { get; init; }

    /// <summary>The duration of the run.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>Tokens sent to models, over all rows; null if no task reported any.</summary>
    public long? InputTokenCount { get; init; }

    /// <summary>Tokens received from models, over all rows; null if no task reported any.</summary>
    public long? OutputTokenCount { get; init; }

    /// <summary>The cost of all rows, in US dollars; null if no task reported any.</summary>
    public decimal? CostUsd { get; init; }

    /// <summary>The file that the rows were written to; null if there is none.</summary>
    public string? ResultPath { get; init; }

    /// <summary>The user's tags of every span, each as <c>key:value</c>.</summary>
    public IReadOnlyList<string> SpanTags { get => field; init => field = HostSafeList<string>.Of(value); } = HostSafeList<string>.None;

    /// <summary>The experiment's id: PowerShell turns an object into text if a parameter takes text, and then the id is meant.</summary>
    /// <returns>The id.</returns>
    public override string ToString() => Experiment.Id;
}

/// <summary>The totals of one metric over all rows of a run.</summary>
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

    /// <summary>Rows without a value: the task failed and evaluators were skipped, the evaluator gave none, or it was not given when the row was run.</summary>
    public int MissingCount { get; init; }

    /// <summary>The label.</summary>
    /// <returns><see cref="Label"/>.</returns>
    public override string ToString() => Label;
}
