using System.Management.Automation;

namespace LlmObs.PowerShell.Display;

/// <summary>
/// A bucket as the pipeline has it. Its groups and metrics are properties of their own, so the dictionaries are hidden, as is the
/// bar of the table view: hidden members are there for those who name them, and left out of Select-Object *, Format-List *,
/// Export-Csv and ConvertTo-Json.
/// </summary>
public sealed record DrawnBucket : AggregateBucket
{
    private readonly bool _isDrawn;

    internal DrawnBucket(AggregateBucket bucket, bool isDrawn)
        : base(bucket) => _isDrawn = isDrawn;

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

    /// <summary>The first metric as a bar, if it is a score between 0 and 1 and a terminal shows it.</summary>
    [Hidden]
    public string? Bar => _isDrawn ? ScoreBar.Draw(Metrics.Values.FirstOrDefault()) : null;
}
