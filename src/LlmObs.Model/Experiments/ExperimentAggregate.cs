namespace LlmObs;

/// <summary>
/// What the service computed of an experiment beforehand (<c>aggregate_data</c>): means only, some seconds to minutes after the
/// events. Source: the answers that Datadog's SDKs read.
/// </summary>
public sealed record ExperimentAggregate
{
    /// <summary>What evaluators found (<c>evaluations.custom</c>), a JSON object by label; <c>null</c> for nothing.</summary>
    public object? Evaluations { get; init; }

    /// <summary>What summary evaluators found (<c>evaluations.summary</c>), a JSON object by label; <c>null</c> for nothing.</summary>
    public object? SummaryEvaluations { get; init; }

    /// <summary>The number of spans (<c>total_spans</c>).</summary>
    public long? SpanCount { get; init; }

    /// <summary>The number of spans whose task failed (<c>total_errors</c>).</summary>
    public long? ErrorCount { get; init; }

    /// <summary>Tokens of all spans (<c>total_tokens</c>).</summary>
    public long? TokenCount { get; init; }

    /// <summary>Tokens that went to models (<c>total_input_tokens</c>).</summary>
    public long? InputTokenCount { get; init; }

    /// <summary>Tokens that came from models (<c>total_output_tokens</c>).</summary>
    public long? OutputTokenCount { get; init; }

    /// <summary>The durations of all spans together (<c>total_duration_ns</c>), to 100 ns.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>The estimated cost in US dollars; the service counts nanodollars (<c>estimated_total_cost</c>).</summary>
    public decimal? CostUsd { get; init; }

    /// <summary>Members that this version does not know, under their API names; <c>null</c> if there are none.</summary>
    public object? AdditionalProperties { get; init; }
}
