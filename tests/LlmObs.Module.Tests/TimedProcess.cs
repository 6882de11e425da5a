using System.Diagnostics;

namespace LlmObs.Module.Tests;

/// <summary>Runs a program to its end, within a time limit, and ends it by its id where it takes longer.</summary>
internal static class TimedProcess
{
    public static async Task<(int ExitCode, string Output)> RunAsync(string program, IEnumerable<string> arguments, TimeSpan limit)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
            WorkingDirectory = Repository.Root,
        };
        start.Environment["NO_COLOR"] = "1";

        // Settings of whoever or whatever runs the tests must not reach the tests.
        foreach (string variable in (string[])["DD_API_KEY", "DD_APP_KEY", "DD_SITE", "LLMOBS_BASE_URI", "TF_BUILD", "AGENT_TEMPDIRECTORY", "GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY"])
        {
            start.Environment.Remove(variable);
        }

        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        process.StandardInput.Close();
        using var time = new CancellationTokenSource(limit);
        Task<string> output = process.StandardOutput.ReadToEndAsync(time.Token);
        Task<string> errors = process.StandardError.ReadToEndAsync(time.Token);
        try
        {
            await process.WaitForExitAsync(time.Token);
            return (process.ExitCode, await output + await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            return (-1, $"{program} was ended after {limit.TotalSeconds} s.");
        }
    }
}
