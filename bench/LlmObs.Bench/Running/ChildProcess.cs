using System.ComponentModel;
using System.Diagnostics;

namespace LlmObs.Bench.Running;

/// <summary>Runs a program to its end within a time limit; where it takes longer, it and its children are ended by their ids.</summary>
internal static class ChildProcess
{
    public static readonly TimeSpan ShortLimit = TimeSpan.FromMinutes(5);
    public static readonly TimeSpan LongLimit = TimeSpan.FromMinutes(20);

    // Settings of whoever runs the benchmark must not reach what is measured.
    private static readonly string[] Removed =
        ["DD_API_KEY", "DD_APP_KEY", "DD_SITE", "LLMOBS_BASE_URI", "http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "all_proxy", "DEBUG"];

    /// <summary>What the program wrote.</summary>
    /// <exception cref="BenchException">It failed, or took too long, or is not there.</exception>
    public static async Task<string> RunAsync(string program, IEnumerable<string> arguments, TimeSpan limit, string? folder = null, bool keepProxy = false, IReadOnlyDictionary<string, string>? environment = null)
    {
        using Process process = Start(program, arguments, folder, keepProxy, environment);
        process.StandardInput.Close();
        using var time = new CancellationTokenSource(limit);
        Task<string> output = process.StandardOutput.ReadToEndAsync(time.Token);
        Task<string> errors = process.StandardError.ReadToEndAsync(time.Token);
        try
        {
            await process.WaitForExitAsync(time.Token);
            return process.ExitCode == 0
                ? await output
                : throw new BenchException($"{Path.GetFileName(program)} failed with exit code {process.ExitCode}: {Excerpt(await errors + await output)}");
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new BenchException($"{Path.GetFileName(program)} was ended after {limit.TotalSeconds} s.");
        }
    }

    /// <exception cref="BenchException">It is not there.</exception>
    public static Process Start(
        string program, IEnumerable<string> arguments, string? folder = null, bool keepProxy = false, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
            WorkingDirectory = folder ?? Workplace.Root,
        };
        foreach (string variable in Removed.Where(variable => !keepProxy || !variable.EndsWith("_proxy", StringComparison.OrdinalIgnoreCase)))
        {
            start.Environment.Remove(variable);
        }

        start.Environment["NO_COLOR"] = "1";
        start.Environment["POWERSHELL_TELEMETRY_OPTOUT"] = "1";
        start.Environment["POWERSHELL_UPDATECHECK"] = "Off";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        try
        {
            return Process.Start(start) ?? throw new BenchException($"{program} did not start.");
        }
        catch (Win32Exception)
        {
            throw new BenchException($"{program} can't be started; is it installed and on PATH?");
        }
    }

    private static string Excerpt(string text)
    {
        const int Most = 2000;
        string trimmed = text.Trim();
        return trimmed.Length <= Most ? trimmed : trimmed[..Most] + "…";
    }
}
