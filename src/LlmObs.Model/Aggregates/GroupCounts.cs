namespace LlmObs;

/// <summary>What is counted for a group of an aggregate, beside what the service computes.</summary>
public static class GroupCounts
{
    /// <summary>The events in the group.</summary>
    public const string EventCount = "n";

    /// <summary>The part of the group's assessments that are pass, 0 to 1.</summary>
    public const string PassRate = "pass_rate";

    /// <summary>The group's part, 0 to 1, of the events of all groups that differ from it only in the last group field.</summary>
    public const string Share = "share";

    /// <summary>Rows of a table that had no value of the group's label, as the sender counted them.</summary>
    public const string MissingCount = "missing";
}
