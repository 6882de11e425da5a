namespace LlmObs.Bench.Reporting;

/// <summary>One thing to reach, and how far it is.</summary>
/// <param name="What">What is compared.</param>
/// <param name="Reached">The figure.</param>
/// <param name="Limit">What it has to be.</param>
/// <param name="Met">Whether it is; null where it was not measured.</param>
internal sealed record Bar(string What, string Reached, string Limit, bool? Met)
{
    public string Verdict => Met switch
    {
        true => "met",
        false => "**NOT met**",
        null => "not measured",
    };
}
