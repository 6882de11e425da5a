using System.Management.Automation;

namespace LlmObs.PowerShell.Display;

/// <summary>
/// A bucket as the pipeline has it. Its groups, metrics and counts are properties of their own, so the dictionaries are hidden: hidden members are there for those who name them, and left out of Select-Object *, Format-List *
/// and Export-Csv.
/// </summary>
public record PipelineBucket : AggregateBucket
{
    internal PipelineBucket(AggregateBucket bucket)
        : base(bucket)
    {
    }

    /// <inheritdoc/>
    [Hidden]
    public override IReadOnlyDictionary<string, object?> By
    {
        get => base.By;
        init => base.By = value;
    }

    /// <inheritdoc/>
    [Hidden]
    public override IReadOnlyDictionary<string, object?> Metrics
    {
        get => base.Metrics;
        init => base.Metrics = value;
    }

    /// <inheritdoc/>
    [Hidden]
    public override IReadOnlyDictionary<string, object?> Counts
    {
        get => base.Counts;
        init => base.Counts = value;
    }

    /// <summary>The first metric that the group has a value of.</summary>
    internal static object? Score(AggregateBucket bucket) => bucket.Metrics.Values.FirstOrDefault(value => value is not null);
}

/// <summary>One that a terminal shows with a bar.</summary>
public sealed record PipelineBucketWithBar : PipelineBucket
{
    internal PipelineBucketWithBar(AggregateBucket bucket)
        : base(bucket)
    {
    }

    /// <summary>The first metric as a bar, if it is a score between 0 and 1.</summary>
    [Hidden]
    public string? Bar => ScoreBar.Draw(Score(this));
}
