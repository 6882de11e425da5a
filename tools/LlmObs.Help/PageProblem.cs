namespace LlmObs.Help;

/// <summary>Something that a page says and should not, at the line where it stands.</summary>
/// <param name="Path">The page's file.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Message">What is wrong, and what would be right.</param>
public sealed record PageProblem(string Path, int Line, string Message)
{
    /// <summary>As compilers say it, so that MSBuild and editors find the line.</summary>
    public override string ToString() => $"{Path}({Line}): error LLMHELP: {Message}";
}
