namespace LlmObs;

/// <summary>What a comparison of one metric comes to. A direction is named only if the adjusted p-value is below 1 - confidence level.</summary>
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
