using System.Management.Automation;

namespace LlmObs.PowerShell.Results;

/// <summary>A bucket as scripts want it: each group field, each computed value and each count is a property of its own.</summary>
internal static class BucketObject
{
    private const string Shown = " (shown)";
    private const int MostInTable = 4; // PowerShell makes a list of what shows more properties

    /// <summary>The buckets of one answer; with bars if a terminal shows them and there is a score to draw.</summary>
    public static IEnumerable<PSObject> From(IReadOnlyList<AggregateBucket> buckets, bool mayDraw)
    {
        // A group's name is text of events. Where a host could take one for a command, the table shows a harmless copy of it
        // instead of the property, which stays as it is. A table has the columns of its first row: all rows get the copy.
        HashSet<string> harmful = [.. buckets.SelectMany(Values).Where(pair => pair.Value is string text && HostSafeText.Of(text) != text).Select(pair => pair.Key)];
        string[] counts = [.. buckets.SelectMany(bucket => bucket.Counts.Keys).Distinct(StringComparer.Ordinal)];
        int computed = buckets.Count == 0 ? 0 : buckets.Max(bucket => bucket.By.Count + bucket.Metrics.Count);

        // Counts that have no room in a table are properties all the same.
        string[] shownCounts = [.. counts.Take(Math.Max(0, MostInTable - computed))];
        bool withBars = mayDraw
            && computed + shownCounts.Length < MostInTable
            && buckets.Any(bucket => ScoreBar.Draw(PipelineBucket.Score(bucket)) is not null)
            && !buckets.SelectMany(Values).Any(pair => string.Equals(pair.Key, nameof(PipelineBucketWithBar.Bar), StringComparison.OrdinalIgnoreCase));
        return buckets.Select(bucket => From(bucket, counts, shownCounts, harmful, withBars));
    }

    private static PSObject From(AggregateBucket bucket, string[] counts, string[] shownCounts, HashSet<string> harmful, bool withBar)
    {
        PSObject result = PSObject.AsPSObject(withBar ? new PipelineBucketWithBar(bucket) : new PipelineBucket(bucket));
        result.TypeNames.Remove(typeof(PipelineBucketWithBar).FullName!); // an AggregateBucket to everybody else
        result.TypeNames.Remove(typeof(PipelineBucket).FullName!);
        var shown = new List<string>();
        foreach ((string name, object? value) in bucket.By.Concat(bucket.Metrics))
        {
            // A group field and a metric of one name: the group keeps the property, both are in By and Metrics.
            if (name.Length == 0 || result.Properties[name] is not null)
            {
                continue;
            }

            result.Properties.Add(new PSNoteProperty(name, value));
            if (harmful.Contains(name))
            {
                result.Properties.Add(new PSNoteProperty(name + Shown, value is string text ? HostSafeText.OneLine(text) : value));
            }

            shown.Add(harmful.Contains(name) ? name + Shown : name);
        }

        // Each object has all of them, so that Export-Csv, which takes the columns of the first one, loses none.
        foreach (string name in counts.Where(name => result.Properties[name] is null))
        {
            result.Properties.Add(new PSNoteProperty(name, bucket.Counts.GetValueOrDefault(name)));
            if (shownCounts.Contains(name))
            {
                shown.Add(name);
            }
        }

        if (withBar)
        {
            shown.Add(nameof(PipelineBucketWithBar.Bar));
        }

        var display = new PSPropertySet("DefaultDisplayPropertySet", shown);
        result.Members.Add(new PSMemberSet("PSStandardMembers", [display]));
        return result;
    }

    private static IEnumerable<KeyValuePair<string, object?>> Values(AggregateBucket bucket) => bucket.By.Concat(bucket.Metrics);
}

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
