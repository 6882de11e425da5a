namespace LlmObs;

/// <summary>
/// One metric of two runs, compared over the pairs: the records that both runs have a value for. Numbers are in the metric's
/// own unit: a rate between 0 and 1 for booleans and assessments, seconds for durations, US dollars for costs.
/// </summary>
public sealed record MetricComparison
{
    /// <summary>The metric's label.</summary>
    public required string Label { get; init; }

    /// <summary>The type of the comparison: one of <see cref="LlmObs.MetricType"/>.</summary>
    public required string MetricType { get; init; }

    /// <summary>True if a lower value is better.</summary>
    public bool LowerIsBetter { get; init; }

    /// <summary>The baseline's mean or rate over the pairs; null for categories and without a pair.</summary>
    public double? Baseline { get; init; }

    /// <summary>The candidate's mean or rate over the pairs.</summary>
    public double? Candidate { get; init; }

    /// <summary>Candidate less baseline.</summary>
    public double? Delta { get; init; }

    /// <summary>The lower end of the difference's interval, by bootstrap.</summary>
    public double? DeltaLow { get; init; }

    /// <summary>The upper end of the difference's interval, by bootstrap.</summary>
    public double? DeltaHigh { get; init; }

    /// <summary>The confidence level of the interval and the verdict, for example 0.95.</summary>
    public double ConfidenceLevel { get; init; }

    /// <summary>The two-sided p-value of <see cref="Test"/>; null if there was none.</summary>
    public double? PValue { get; init; }

    /// <summary>That p-value adjusted by Holm for the number of metrics compared. The verdict goes by it.</summary>
    public double? AdjustedPValue { get; init; }

    /// <summary>The two-sided p-value of Wilcoxon's signed-rank test; null for booleans and categories.</summary>
    public double? WilcoxonPValue { get; init; }

    /// <summary>The test of <see cref="PValue"/>: "McNemar" (exact) or "PairedT"; null if none was made.</summary>
    public string? Test { get; init; }

    /// <summary>Cohen's d_z: the mean difference in standard deviations of the differences.</summary>
    public double? EffectSize { get; init; }

    /// <summary>Records with a value in both runs.</summary>
    public int PairCount { get; init; }

    /// <summary>Pairs whose candidate is better.</summary>
    public int ImprovedCount { get; init; }

    /// <summary>Pairs whose candidate is worse.</summary>
    public int RegressedCount { get; init; }

    /// <summary>Pairs without a difference.</summary>
    public int TieCount { get; init; }

    /// <summary>Categories only: pairs whose category changed.</summary>
    public int ChangedCount { get; init; }

    /// <summary>Records with a value in the baseline alone.</summary>
    public int UnpairedBaselineCount { get; init; }

    /// <summary>Records with a value in the candidate alone.</summary>
    public int UnpairedCandidateCount { get; init; }

    /// <summary>The run that has all values of the metric, "baseline" or "candidate"; null if both have some, and for a metric without values.</summary>
    public string? OnlyIn => PairCount > 0 ? null : (UnpairedBaselineCount, UnpairedCandidateCount) switch
    {
        (> 0, 0) => "baseline",
        (0, > 0) => "candidate",
        _ => null,
    };

    /// <summary>The smallest difference that so many pairs show with 80 % power at this confidence level.</summary>
    public double? DetectableDelta { get; init; }

    /// <summary>The verdict.</summary>
    public ComparisonVerdict Verdict { get; init; }

    /// <summary>Categories only: how often which category became which, the most frequent first.</summary>
    public IReadOnlyList<CategoryFlip> Flips { get; init; } = [];

    /// <summary>The records whose value changed, the worst first. Inputs and outputs are read during enumeration.</summary>
    public IReadOnlyList<ValueChange> Changes { get; init; } = [];
}

/// <summary>The number of records that changed from one category to another.</summary>
/// <param name="From">The baseline's category.</param>
/// <param name="To">The candidate's category.</param>
/// <param name="Count">Records.</param>
public sealed record CategoryFlip(string From, string To, int Count);

/// <summary>The verdict of one metric's comparison. It names a direction only if the adjusted p-value is below 1 - confidence level.</summary>
public enum ComparisonVerdict
{
    /// <summary>Not one pair changed.</summary>
    Unchanged,

    /// <summary>The difference may be chance; see <see cref="MetricComparison.DetectableDelta"/> for what so many pairs can show.</summary>
    Inconclusive,

    /// <summary>The candidate is better.</summary>
    Improved,

    /// <summary>The candidate is worse.</summary>
    Degraded,

    /// <summary>Fewer pairs than asked for: no test was made.</summary>
    TooFewPairs,
}

/// <summary>One record whose value of a metric differs between two runs.</summary>
public sealed record ValueChange
{
    /// <summary>The record's id, or its input as JSON if the rows were paired by input.</summary>
    public required string Key { get; init; }

    /// <summary>The record's input, any JSON value.</summary>
    public object? Input { get; init; }

    /// <summary>The baseline's value: a number (the mean of repeats; 1 and 0 for true and false), or a category.</summary>
    public required object? Baseline { get; init; }

    /// <summary>The candidate's value, in the same form.</summary>
    public required object? Candidate { get; init; }

    /// <summary>Candidate less baseline; null for categories.</summary>
    public double? Delta { get; init; }

    /// <summary>True if the change is an improvement; null for categories, which have no order.</summary>
    public bool? IsImproved { get; init; }

    /// <summary>The output of the baseline's task in its last iteration, any JSON value.</summary>
    public object? BaselineOutput { get; init; }

    /// <summary>The output of the candidate's task in its last iteration, any JSON value.</summary>
    public object? CandidateOutput { get; init; }

    /// <summary>The text in a table's cell.</summary>
    /// <returns>The key and both values.</returns>
    public override string ToString() => FormattableString.Invariant($"{Key}: {Baseline} to {Candidate}");
}
