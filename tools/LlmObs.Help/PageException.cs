namespace LlmObs.Help;

/// <summary>A page that can't be read as one.</summary>
/// <param name="line">The line, from 1.</param>
/// <param name="message">The mistake, and the correction.</param>
public sealed class PageException(int line, string message) : Exception(message)
{
    /// <summary>The line, from 1.</summary>
    public int Line { get; } = line;
}
