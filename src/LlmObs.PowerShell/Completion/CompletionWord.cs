namespace LlmObs.PowerShell.Completion;

/// <summary>A word that completion offers.</summary>
/// <param name="Text">The word.</param>
/// <param name="ToolTip">What is said of it.</param>
public sealed record CompletionWord(string Text, string ToolTip)
{
    /// <summary>What a menu shows of it; null for the word itself.</summary>
    public string? Shown { get; init; }

    /// <summary>What may be typed to get it, beside the word.</summary>
    public string? Alias { get; init; }
}
