using System.ComponentModel;
using System.Diagnostics;
using LlmObs.Testing;

namespace LlmObs.Bench.Running;

/// <summary>Starts the measured programs and their tools in an environment that is the same everywhere.</summary>
internal static class MeasuredProgram
{
    public static readonly TimeSpan ShortLimit = TimeSpan.FromMinutes(5);
    public static readonly TimeSpan LongLimit = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(10);

    // Settings of the user who runs the benchmark must not reach the measured programs.
    private static readonly Dictionary<string, string?> Proxies =
        new[] { "http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "all_proxy" }.ToDictionary(name => name, _ => (string?)null);

    private static readonly Dictionary<string, string?> Settings = new()
    {
        ["DD_API_KEY"] = null,
        ["DD_APP_KEY"] = null,
        ["DD_SITE"] = null,
        ["LLMOBS_BASE_URI"] = null,
        ["DEBUG"] = null,
        ["NO_COLOR"] = "1",
        ["POWERSHELL_TELEMETRY_OPTOUT"] = "1",
        ["POWERSHELL_UPDATECHECK"] = "Off",
        ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
    };

    /// <summary>What the program wrote.</summary>
    /// <exception cref="BenchException">It failed, or took too long, or is not there.</exception>
    public static async Task<string> RunAsync(string program, IEnumerable<string> arguments, TimeSpan limit, string? folder = null, bool keepProxy = false, IReadOnlyDictionary<string, string>? environment = null)
    {
        ProcessResult result = await ChildProcess.RunAsync(program, arguments, folder ?? Workplace.Root, limit, Environment(keepProxy, environment));
        return result.ExitCode == 0
            ? result.Output
            : throw new BenchException($"{Path.GetFileName(program)} failed with exit code {result.ExitCode}: {Excerpt(result.Errors + result.Output)}");
    }

    /// <exception cref="BenchException">It is not there.</exception>
    public static Process Start(string program, IEnumerable<string> arguments)
    {
        try
        {
            return ChildProcess.Start(program, arguments, Workplace.Root, Environment(keepProxy: false));
        }
        catch (Win32Exception)
        {
            throw new BenchException($"{program} can't be started; is it installed and on PATH?");
        }
    }

    /// <summary>Ends a program that does so by itself once it has no more input; if that takes longer, by its id.</summary>
    public static async Task EndAsync(Process process)
    {
        process.StandardInput.Close();
        using var time = new CancellationTokenSource(EndLimit);
        try
        {
            await process.WaitForExitAsync(time.Token);
        }
        catch (OperationCanceledException)
        {
            await ChildProcess.EndAsync(process);
        }

        process.Dispose();
    }

    private static Dictionary<string, string?> Environment(bool keepProxy, IReadOnlyDictionary<string, string>? more = null)
    {
        var environment = new Dictionary<string, string?>(keepProxy ? Settings : Settings.Concat(Proxies));
        foreach ((string name, string value) in more ?? new Dictionary<string, string>())
        {
            environment[name] = value;
        }

        return environment;
    }

    private static string Excerpt(string text)
    {
        const int Most = 2000;
        string trimmed = text.Trim();
        return trimmed.Length <= Most ? trimmed : trimmed[..Most] + "…";
    }
}
