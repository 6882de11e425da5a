namespace LlmObs.Evaluation.Comparison;

/// <summary>How two runs are compared.</summary>
public sealed record ComparisonOptions
{
    /// <summary>1 - the chance of calling something improved or degraded that is neither.</summary>
    public double ConfidenceLevel { get; init; } = 0.95;

    /// <summary>The fewest pairs that a test is made for.</summary>
    public int MinimumPairCount { get; init; } = 10;

    /// <summary>Where the bootstrap's random numbers start.</summary>
    public int Seed { get; init; }

    /// <summary>The bootstrap's resamples; fewer only in tests that compare thousands of runs.</summary>
    internal int ResampleCount { get; init; } = 10_000;

    /// <summary>The labels to compare; empty for all.</summary>
    public IReadOnlyCollection<string> Labels { get; init; } = [];

    /// <summary>The labels of which a lower value is the better one, besides <see cref="RunFigures"/>.</summary>
    public IReadOnlyCollection<string> LowerIsBetter { get; init; } = [];
}

/// <summary>What is compared beside the metrics. Lower is better for all of them; a metric of the same label takes its place.</summary>
public static class RunFigures
{
    /// <summary>Seconds that the task took; of rows that did not fail.</summary>
    public const string Duration = "duration";

    /// <summary>Whether the task failed.</summary>
    public const string Errors = "errors";

    /// <summary>Tokens that went to a model.</summary>
    public const string InputTokens = "input_tokens";

    /// <summary>Tokens that came from a model.</summary>
    public const string OutputTokens = "output_tokens";

    /// <summary>US dollars.</summary>
    public const string CostUsd = "cost_usd";

    /// <summary>All of them, in the order of the table.</summary>
    public static IReadOnlyList<string> All { get; } = [Errors, Duration, InputTokens, OutputTokens, CostUsd];
}
