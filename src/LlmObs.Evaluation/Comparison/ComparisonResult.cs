namespace LlmObs.Evaluation.Comparison;

/// <summary>Two runs compared: a row a metric, and what could not be compared.</summary>
public sealed record ComparisonResult
{
    /// <summary>One comparison a label: metrics by name, then the run's own figures.</summary>
    public required IReadOnlyList<MetricComparison> Metrics { get; init; }

    /// <summary>All labels that occur in either run, whether they were compared or not.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>Records that both runs have.</summary>
    public required int PairCount { get; init; }

    /// <summary>Records that only the baseline has.</summary>
    public required int UnpairedBaselineCount { get; init; }

    /// <summary>Records that only the candidate has.</summary>
    public required int UnpairedCandidateCount { get; init; }

    /// <summary>Rows of both runs that another row of the same record and iteration replaced.</summary>
    public required int DoubleCount { get; init; }

    /// <summary>Rows of the baseline whose task failed.</summary>
    public required int BaselineErrorCount { get; init; }

    /// <summary>Rows of the candidate whose task failed.</summary>
    public required int CandidateErrorCount { get; init; }

    /// <summary>Whether rows were paired by equal input although they have record ids, because no id occurs in both runs.</summary>
    public required bool IsPairedByInput { get; init; }

    /// <summary>What a person has to know before believing the table, one sentence each.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}
