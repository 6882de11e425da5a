namespace LlmObs.Bench.Reporting;

/// <summary>One thing to reach, and how far it is.</summary>
/// <param name="What">The compared figures.</param>
/// <param name="Reached">The figure.</param>
/// <param name="Limit">The condition.</param>
/// <param name="Met">True if it is; null if it was not measured.</param>
internal sealed record Bar(string What, string Reached, string Limit, bool? Met)
{
    public string Verdict => Met switch
    {
        true => "met",
        false => "**NOT met**",
        null => "not measured",
    };
}
