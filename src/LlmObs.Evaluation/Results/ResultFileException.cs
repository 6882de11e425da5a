namespace LlmObs.Evaluation.Results;

/// <summary>A result file can't be read.</summary>
/// <param name="path">The file.</param>
/// <param name="line">The line, from 1 on; 0 if the whole file is meant.</param>
/// <param name="reason">What is wrong, as the end of a sentence.</param>
/// <param name="cause">What was thrown.</param>
public sealed class ResultFileException(string path, long line, string reason, Exception? cause = null)
    : Exception(line == 0 ? $"The result file '{path}' {reason}." : $"Line {line} of the result file '{path}' {reason}.", cause)
{
    /// <summary>The file.</summary>
    public string Path => path;

    /// <summary>The line, from 1 on; 0 if the whole file is meant.</summary>
    public long Line => line;
}
