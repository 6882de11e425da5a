namespace LlmObs.Client.Json;

/// <summary>A value that can't be written as JSON.</summary>
/// <param name="path">Where it is, from the value's root: <c>$.messages[2].content</c>.</param>
/// <param name="reason">What is wrong with it.</param>
public sealed class UnwritableValueException(string path, string reason) : Exception($"{path} {reason}")
{
    /// <summary>Where the value is, from the root.</summary>
    public string Path { get; } = path;

    /// <summary>What is wrong with it, without the path.</summary>
    public string Reason { get; } = reason;
}
