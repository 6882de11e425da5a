using System.Management.Automation;

namespace LlmObs.PowerShell.Reports;

/// <summary>Writes a report to where it is read: a file of choice, Azure's summary of the run, GitHub's summary of the step.</summary>
/// <param name="cmdlet">Says what could not be written.</param>
/// <param name="confirm">Asks before a file is written.</param>
internal sealed class ReportDestinations(LlmObsCmdlet cmdlet, Func<string, bool> confirm)
{
    /// <summary>Writes it to every place that there is.</summary>
    /// <param name="markdown">The report.</param>
    /// <param name="path">The file of choice, as it was given.</param>
    /// <param name="title">What Azure is to call it.</param>
    /// <returns>Whether there is such a place; where there is none, the report belongs to the pipeline.</returns>
    public bool Write(string markdown, string? path, string title)
    {
        string? file = null;
        if (path is not null && FileSystemPath.TryResolve(cmdlet.SessionState, path, out file, out ErrorRecord? problem) is false)
        {
            cmdlet.WriteError(problem);
        }

        bool isWritten = file is not null && TryWrite(file, () => File.WriteAllText(file, markdown));
        if (BuildAgent.IsAzure)
        {
            string shown = isWritten ? file! : FileNamed(title);
            if (isWritten || TryWrite(shown, () => WriteNew(shown, markdown)))
            {
                new BuildAgent(cmdlet).UploadSummary(shown);
            }
        }

        if (BuildAgent.GitHubSummary is string summary)
        {
            TryWrite(summary, () => File.AppendAllText(summary, markdown + "\n"));
        }

        return path is not null || BuildAgent.IsAzure || BuildAgent.GitHubSummary is not null;
    }

    // Azure shows the summary under the name of its file, and reads it after the step.
    private static string FileNamed(string title)
    {
        string name = string.Concat(title.Select(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_' ? c : '-'));
        return Path.Combine(BuildAgent.TemporaryFolder, $"llmobs-{Guid.NewGuid():N}", $"{name}.md");
    }

    private static void WriteNew(string file, string markdown)
    {
        string folder = Path.GetDirectoryName(file)!;
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            // The temporary folder may be everybody's.
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        File.WriteAllText(file, markdown);
    }

    private bool TryWrite(string file, Action write)
    {
        try
        {
            if (!confirm(file))
            {
                return false;
            }

            write();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            cmdlet.WriteError(Failures.UnwritableFile(file, e));
            return false;
        }
    }
}
