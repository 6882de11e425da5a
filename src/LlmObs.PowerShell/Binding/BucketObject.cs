using System.Management.Automation;

namespace LlmObs.PowerShell.Binding;

/// <summary>A bucket as scripts want it: each group field and each computed value is a property of its own.</summary>
internal static class BucketObject
{
    private const string Shown = " (shown)";

    public static IEnumerable<PSObject> From(IReadOnlyList<AggregateBucket> buckets)
    {
        // A group's name is text of events. Where a host could take one for a command, the table shows a harmless copy of it
        // in the place of the property, which stays as it is. A table has the columns of its first row: all rows get the copy.
        HashSet<string> harmful = [.. buckets.SelectMany(Values).Where(pair => pair.Value is string text && ShownText.Of(text) != text).Select(pair => pair.Key)];
        return buckets.Select(bucket => From(bucket, harmful));
    }

    private static PSObject From(AggregateBucket bucket, HashSet<string> harmful)
    {
        PSObject result = PSObject.AsPSObject(bucket);
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
                result.Properties.Add(new PSNoteProperty(name + Shown, value is string text ? ShownText.OneLine(text) : value));
            }

            shown.Add(harmful.Contains(name) ? name + Shown : name);
        }

        var display = new PSPropertySet("DefaultDisplayPropertySet", shown);
        result.Members.Add(new PSMemberSet("PSStandardMembers", [display]));
        return result;
    }

    private static IEnumerable<KeyValuePair<string, object?>> Values(AggregateBucket bucket) => bucket.By.Concat(bucket.Metrics);
}
