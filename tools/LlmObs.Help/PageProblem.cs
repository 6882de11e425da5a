namespace LlmObs.Help;

/// <summary>A wrong statement on a page, with its line.</summary>
/// <param name="Path">The page's file.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Message">The mistake, and the correction.</param>
public sealed record PageProblem(string Path, int Line, string Message)
{
    /// <summary>In the format of compilers, so that MSBuild and editors find the line.</summary>
    public override string ToString() => $"{Path}({Line}): error LLMHELP: {Message}";
}
