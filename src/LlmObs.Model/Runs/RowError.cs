namespace LlmObs;

/// <summary>What went wrong with a row's task, or with one of its evaluators.</summary>
/// <param name="Message">What happened.</param>
/// <param name="Type">The type of the error, for example <c>System.TimeoutException</c>; null if it is not known.</param>
/// <param name="Stack">Where it happened; null if it is not known.</param>
public sealed record RowError(string Message, string? Type = null, string? Stack = null)
{
    /// <summary>What a table's cell shows.</summary>
    /// <returns>The message.</returns>
    public override string ToString() => Message;
}
