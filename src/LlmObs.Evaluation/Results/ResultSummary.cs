namespace LlmObs.Evaluation.Results;

/// <summary>What the summary evaluators found of one iteration.</summary>
public sealed record ResultSummary
{
    /// <summary>The id of the iteration.</summary>
    public string? RunId { get; init; }

    /// <summary>Which iteration it is, from 1 on.</summary>
    public int RunIteration { get; init; } = 1;

    /// <summary>What was found.</summary>
    public IReadOnlyList<ResultEvaluation> Evaluations { get; init; } = [];
}
