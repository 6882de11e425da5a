using LlmObs.Testing;

namespace LlmObs.Quickstart.Running;

/// <summary>Runs samples/quickstart.ps1 in PowerShell, on this console.</summary>
internal static class ScriptRun
{
    /// <exception cref="QuickstartException">The script failed.</exception>
    public static async Task<RunResult> RunAsync(
        PowerShellProgram powerShell, Repository repository, Uri emulator, CancellationToken cancellation)
    {
        // The emulator takes no keys, so it is given none.
        var environment = new Dictionary<string, string?>
        {
            ["LLMOBS_BASE_URI"] = emulator.AbsoluteUri,
            ["DD_API_KEY"] = null,
            ["DD_APP_KEY"] = null,
        };
        if (Console.IsOutputRedirected)
        {
            environment["NO_COLOR"] = "1"; // a log is no place for colours
        }

        DirectoryInfo folder = Directory.CreateTempSubdirectory("llmobs-quickstart-");
        try
        {
            string summary = Path.Combine(folder.FullName, "result.json");
            string reports = Directory.CreateDirectory(Path.Combine(repository.Root, "out", "quickstart")).FullName;
            IEnumerable<string> arguments = powerShell.ArgumentsFor(repository.Script, "-ReportPath", Path.Combine(reports, "report.html"), "-ResultPath", summary);
            int code = await ChildProcess.ShowAsync(powerShell.Program, arguments, repository.Root, environment, cancellation);
            return code == 0
                ? RunResult.Read(summary)
                : throw new QuickstartException($"The script failed: PowerShell ended with exit code {code}.");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
