using System.Management.Automation;

namespace LlmObs.PowerShell.Display;

/// <summary>A bucket as scripts want it: each group field and each computed value is a property of its own.</summary>
internal static class BucketObject
{
    private const string Shown = " (shown)";
    private const int MostInTable = 4; // PowerShell makes a list of what shows more properties

    /// <summary>Buckets of one answer; with bars where a terminal shows them and there is a score to draw.</summary>
    public static IEnumerable<PSObject> From(IReadOnlyList<AggregateBucket> buckets, bool mayDraw)
    {
        // A group's name is text of events. Where a host could take one for a command, the table shows a harmless copy of it
        // in the place of the property, which stays as it is. A table has the columns of its first row: all rows get the copy.
        HashSet<string> harmful = [.. buckets.SelectMany(Values).Where(pair => pair.Value is string text && HostSafeText.Of(text) != text).Select(pair => pair.Key)];
        bool withBars = mayDraw
            && buckets.Any(bucket => ScoreBar.Draw(bucket.Metrics.Values.FirstOrDefault()) is not null)
            && buckets.All(bucket => bucket.By.Count + bucket.Metrics.Count < MostInTable
                && !Values(bucket).Any(pair => string.Equals(pair.Key, nameof(BucketWithBar.Bar), StringComparison.OrdinalIgnoreCase)));
        return buckets.Select(bucket => From(bucket, harmful, withBars));
    }

    private static PSObject From(AggregateBucket bucket, HashSet<string> harmful, bool withBar)
    {
        PSObject result = PSObject.AsPSObject(withBar ? new BucketWithBar(bucket) : bucket);
        var shown = new List<string>();
        foreach ((string name, object? value) in Values(bucket))
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

        if (withBar)
        {
            result.TypeNames.Remove(typeof(BucketWithBar).FullName!); // an AggregateBucket to everybody else
            shown.Add(nameof(BucketWithBar.Bar));
        }

        var display = new PSPropertySet("DefaultDisplayPropertySet", shown);
        result.Members.Add(new PSMemberSet("PSStandardMembers", [display]));
        return result;
    }

    private static IEnumerable<KeyValuePair<string, object?>> Values(AggregateBucket bucket) => bucket.By.Concat(bucket.Metrics);
}
