using System.Management.Automation;

namespace LlmObs.PowerShell.Summaries;

/// <summary>
/// The build agent that this runs on, if any, and the commands that it takes from the output of a step.
/// Source: "Logging commands" of Azure Pipelines, "Workflow commands" of GitHub Actions.
/// </summary>
/// <remarks>
/// The only place of the module that writes a command on purpose. It goes to the host, through the information stream and with the
/// tag of Write-Host: the agent reads the host's output, whatever the script does with the pipeline, and 6>&amp;1
/// still gives it to a script that asks for it.
/// </remarks>
internal sealed class BuildAgent(LlmObsCmdlet cmdlet)
{
    /// <summary>True if this is a step of Azure Pipelines.</summary>
    public static bool IsAzure => Is("TF_BUILD");

    /// <summary>True if this is a step of GitHub Actions.</summary>
    public static bool IsGitHub => Is("GITHUB_ACTIONS");

    /// <summary>The file that GitHub Actions shows as the step's summary; null elsewhere.</summary>
    public static string? GitHubSummary => Environment.GetEnvironmentVariable("GITHUB_STEP_SUMMARY") is { Length: > 0 } file ? file : null;

    /// <summary>A folder whose files stay until the job ends.</summary>
    public static string TemporaryFolder => Environment.GetEnvironmentVariable("AGENT_TEMPDIRECTORY") is { Length: > 0 } folder ? folder : Path.GetTempPath();

    /// <summary>Shows a file in Azure's summary of the run, under its name.</summary>
    public void UploadSummary(string file) => Say($"##vso[task.uploadsummary]{AzureData(file)}");

    /// <summary>Lists an error among the issues of the run.</summary>
    public void LogError(string message)
    {
        if (IsAzure)
        {
            Say($"##vso[task.logissue type=error]{AzureData(message)}");
        }

        if (IsGitHub)
        {
            Say($"::error title=LlmObs::{GitHubData(message)}");
        }
    }

    /// <summary>A line of the log that is no command.</summary>
    public void Note(string text) => Say(Neutral(text));

    /// <summary>Text of others in which no agent finds a command, wherever it is printed.</summary>
    public static string Neutral(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c))
        .Replace("##", "# #", StringComparison.Ordinal).Replace("::", ": :", StringComparison.Ordinal);

    // Line ends would end the command, and begin another one.
    private static string AzureData(string text) => EscapeEnds(text.Replace("%", "%AZP25", StringComparison.Ordinal));

    private static string GitHubData(string text) => EscapeEnds(text.Replace("%", "%25", StringComparison.Ordinal));

    private static string EscapeEnds(string text) =>
        text.Replace("\r", "%0D", StringComparison.Ordinal).Replace("\n", "%0A", StringComparison.Ordinal);

    private static bool Is(string variable) => string.Equals(Environment.GetEnvironmentVariable(variable), "true", StringComparison.OrdinalIgnoreCase);

    private void Say(string command) => cmdlet.WriteInformation(new HostInformationMessage { Message = command }, ["PSHOST"]);
}

/// <summary>Writes a report to its destination: a file, Azure's summary of the run, or GitHub's summary of the step.</summary>
/// <param name="cmdlet">Says what could not be written.</param>
/// <param name="confirm">Asks before a file is written.</param>
internal sealed class ReportDestinations(LlmObsCmdlet cmdlet, Func<string, bool> confirm)
{
    /// <summary>Writes it to every place that there is.</summary>
    /// <param name="markdown">The report.</param>
    /// <param name="path">The file of choice, as it was given.</param>
    /// <param name="title">Its name in Azure.</param>
    /// <returns>True if there is such a place; if there is none, the report belongs to the pipeline.</returns>
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
