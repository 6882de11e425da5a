using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;

namespace LlmObs.PowerShell.Display;

/// <summary>
/// A bucket that its table view can draw. The bar is for that view only: hidden members are shown where they are named, and
/// left out of Select-Object *, Format-List *, Export-Csv and ConvertTo-Json.
/// </summary>
public sealed record BucketWithBar : AggregateBucket
{
    [SetsRequiredMembers]
    internal BucketWithBar(AggregateBucket bucket)
        : base(bucket)
    {
    }

    /// <summary>The first metric as a bar, where it is a score between 0 and 1.</summary>
    [Hidden]
    public string? Bar => ScoreBar.Draw(Metrics.Values.FirstOrDefault());
}
