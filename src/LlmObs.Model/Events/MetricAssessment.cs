namespace LlmObs;

/// <summary>The verdicts that a metric may carry (<c>assessment</c>).</summary>
public static class MetricAssessment
{
    /// <summary>The value is good enough.</summary>
    public const string Pass = "pass";

    /// <summary>The value is not good enough.</summary>
    public const string Fail = "fail";

    /// <summary>All verdicts.</summary>
    public static IReadOnlyList<string> All { get; } = [Pass, Fail];
}
