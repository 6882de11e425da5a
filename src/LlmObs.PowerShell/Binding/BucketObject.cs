using System.Management.Automation;

namespace LlmObs.PowerShell.Binding;

/// <summary>A bucket as scripts want it: each group field and each computed value is a property of its own.</summary>
internal static class BucketObject
{
    private const int MostInTable = 4; // PowerShell makes a list of what shows more properties

    /// <summary>Buckets of one answer; with bars where a terminal shows them and there is a score to draw.</summary>
    public static IEnumerable<PSObject> From(IReadOnlyList<AggregateBucket> buckets, bool mayDraw)
    {
        bool withBars = mayDraw
            && buckets.Any(bucket => ScoreBar.Draw(bucket.Metrics.Values.FirstOrDefault()) is not null)
            && buckets.All(bucket => bucket.By.Count + bucket.Metrics.Count < MostInTable
                && !bucket.By.Keys.Concat(bucket.Metrics.Keys).Contains(nameof(DrawnBucket.Bar), StringComparer.OrdinalIgnoreCase));
        return buckets.Select(bucket => From(bucket, withBars));
    }

    private static PSObject From(AggregateBucket bucket, bool withBar)
    {
        PSObject result = PSObject.AsPSObject(withBar ? new DrawnBucket(bucket) : bucket);
        var shown = new List<string>();
        foreach ((string name, object? value) in bucket.By.Concat(bucket.Metrics))
        {
            // A group field and a metric of one name: the group keeps the property, both are in By and Metrics.
            if (name.Length > 0 && result.Properties[name] is null)
            {
                result.Properties.Add(new PSNoteProperty(name, value));
                shown.Add(name);
            }
        }

        if (withBar)
        {
            result.TypeNames.Remove(typeof(DrawnBucket).FullName!); // an AggregateBucket to everybody else
            shown.Add(nameof(DrawnBucket.Bar));
        }

        var display = new PSPropertySet("DefaultDisplayPropertySet", shown);
        result.Members.Add(new PSMemberSet("PSStandardMembers", [display]));
        return result;
    }
}
