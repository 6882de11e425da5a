namespace LlmObs;

/// <summary>
/// What "aggregate experimentation" asks. Source: the request model of "Aggregate LLM Observability experimentation".
/// </summary>
public sealed record AggregateQuery
{
    /// <summary>The index that holds evaluation metrics.</summary>
    public const string EvaluationIndex = "experiment-evals";

    /// <summary><c>compute</c>: at least one.</summary>
    public required IReadOnlyList<AggregateCompute> Compute { get; init; }

    /// <summary><c>indexes</c>: at least one.</summary>
    public IReadOnlyList<string> Indexes { get; init; } = [EvaluationIndex];

    /// <summary><c>search.query</c> in Datadog's search syntax; empty for everything.</summary>
    public string Query { get; init; } = string.Empty;

    /// <summary><c>group_by</c>: field names; none for one bucket over all.</summary>
    public IReadOnlyList<string> GroupBy { get; init; } = [];

    /// <summary><c>limit</c>: the most buckets to return.</summary>
    public Optional<int?> Limit { get; init; }

    /// <summary><c>dataset_version</c>: only events of experiments on this version.</summary>
    public Optional<long?> DatasetVersion { get; init; }

    /// <summary><c>time.from</c>, sent as milliseconds since the Unix epoch (UTC), and only together with <see cref="To"/>.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary><c>time.to</c>, sent as milliseconds since the Unix epoch (UTC), and only together with <see cref="From"/>.</summary>
    public DateTimeOffset? To { get; init; }
}

/// <summary>One computation of an aggregate. Source: the request model of "Aggregate LLM Observability experimentation".</summary>
/// <param name="Metric"><c>metric</c>: the metric to compute; a plain name such as <c>score_value</c> is averaged.</param>
/// <param name="Name"><c>name</c>: the alias to answer under; <c>null</c> for the metric's own name.</param>
public sealed record AggregateCompute(string Metric, string? Name = null);
