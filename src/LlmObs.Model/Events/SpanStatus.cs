namespace LlmObs;

/// <summary>The states of a span that the API takes.</summary>
public static class SpanStatus
{
    /// <summary>The call succeeded.</summary>
    public const string Ok = "ok";

    /// <summary>The call failed.</summary>
    public const string Error = "error";

    /// <summary>All states.</summary>
    public static IReadOnlyList<string> All { get; } = [Ok, Error];
}
