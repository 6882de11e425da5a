using System.Management.Automation;

namespace LlmObs.PowerShell.Binding;

/// <summary>A bucket as scripts want it: each group field and each computed value is a property of its own.</summary>
internal static class BucketObject
{
    public static PSObject From(AggregateBucket bucket)
    {
        PSObject result = PSObject.AsPSObject(bucket);
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

        var display = new PSPropertySet("DefaultDisplayPropertySet", shown);
        result.Members.Add(new PSMemberSet("PSStandardMembers", [display]));
        return result;
    }
}
