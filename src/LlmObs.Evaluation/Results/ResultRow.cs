namespace LlmObs.Evaluation.Results;

/// <summary>One row of a result file.</summary>
public sealed record ResultRow
{
    /// <summary>Where it was read: for <see cref="IResultRows.ReadRow"/>, and not written.</summary>
    public long Position { get; init; }

    /// <summary>The id of the dataset's record; empty if the row was not run on one.</summary>
    public required string RecordId { get; init; }

    /// <summary>The id of the iteration.</summary>
    public string? RunId { get; init; }

    /// <summary>Which iteration it is, from 1 on.</summary>
    public int RunIteration { get; init; } = 1;

    /// <summary>The id of the row's span.</summary>
    public string? SpanId { get; init; }

    /// <summary>The name of the row's span; null for the logical name of the experiment.</summary>
    public string? SpanName { get; init; }

    /// <summary>The id of the span that was judged again, if this row is a copy of one.</summary>
    public string? ParentSpanId { get; init; }

    /// <summary>The id of the row's trace.</summary>
    public string? TraceId { get; init; }

    /// <summary>When the task began, in nanoseconds since 1970 UTC.</summary>
    public long? StartNs { get; init; }

    /// <summary>How long the task took, in nanoseconds.</summary>
    public long? DurationNs { get; init; }

    /// <summary>The record's input.</summary>
    public RawJson Input { get; init; }

    /// <summary>The record's expected output.</summary>
    public RawJson ExpectedOutput { get; init; }

    /// <summary>What the task gave.</summary>
    public RawJson Output { get; init; }

    /// <summary>The metadata, a JSON object.</summary>
    public RawJson Metadata { get; init; }

    /// <summary>The tags of the record and of the task, each as <c>key:value</c>.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>How the task ended: one of <see cref="SpanStatus"/>.</summary>
    public string Status { get; init; } = SpanStatus.Ok;

    /// <summary>Why the task failed.</summary>
    public RowError? Error { get; init; }

    /// <summary>Tokens that the task sent to a model.</summary>
    public long? InputTokenCount { get; init; }

    /// <summary>Tokens that the task got from a model.</summary>
    public long? OutputTokenCount { get; init; }

    /// <summary>What the task cost, in US dollars.</summary>
    public decimal? CostUsd { get; init; }

    /// <summary>Whether the output was taken from the cache.</summary>
    public bool FromCache { get; init; }

    /// <summary>What the evaluators found, in their order; each label once.</summary>
    public IReadOnlyList<ResultEvaluation> Evaluations { get; init; } = [];

    /// <summary>Whether the task failed.</summary>
    public bool IsFailed => Status == SpanStatus.Error;
}
