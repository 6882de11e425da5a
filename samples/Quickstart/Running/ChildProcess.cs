using System.ComponentModel;
using System.Diagnostics;

namespace LlmObs.Quickstart.Running;

/// <summary>What became of a program.</summary>
/// <param name="ExitCode">Its exit code; -1 if it can't be run, or is not done in time.</param>
/// <param name="Output">What it wrote, errors last, or why it did not end by itself.</param>
internal sealed record ProcessResult(int ExitCode, string Output);

/// <summary>Runs another program. It gets its arguments as a list, and no input.</summary>
internal static class ChildProcess
{
    /// <summary>Runs a program quietly. Variables that are null are taken away from its environment.</summary>
    public static async Task<ProcessResult> RunAsync(
        string program,
        IEnumerable<string> arguments,
        string folder,
        TimeSpan limit,
        IReadOnlyDictionary<string, string?>? environment = null,
        CancellationToken cancellation = default)
    {
        ProcessStartInfo start = Describe(program, arguments, folder, environment);
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timer.CancelAfter(limit);
        try
        {
            using Process process = Start(start);
            Task<string> output = process.StandardOutput.ReadToEndAsync(timer.Token);
            Task<string> errors = process.StandardError.ReadToEndAsync(timer.Token);
            await EndAsync(process, timer.Token);
            return new ProcessResult(process.ExitCode, await output + await errors);
        }
        catch (Win32Exception e)
        {
            return new ProcessResult(-1, e.Message);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new ProcessResult(-1, $"{program} was ended after {limit.TotalSeconds} s.");
        }
    }

    /// <summary>Runs a program on this console. Variables that are null are taken away from its environment.</summary>
    /// <returns>Its exit code.</returns>
    /// <exception cref="Win32Exception">It can't be run.</exception>
    public static async Task<int> ShowAsync(
        string program, IEnumerable<string> arguments, string folder, IReadOnlyDictionary<string, string?> environment, CancellationToken cancellation)
    {
        using Process process = Start(Describe(program, arguments, folder, environment));
        await EndAsync(process, cancellation);
        return process.ExitCode;
    }

    private static ProcessStartInfo Describe(
        string program, IEnumerable<string> arguments, string folder, IReadOnlyDictionary<string, string?>? environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            WorkingDirectory = folder,
        };
        foreach ((string name, string? value) in environment ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value; // null takes it away
        }

        return start;
    }

    private static Process Start(ProcessStartInfo start)
    {
        Process process = Process.Start(start) ?? throw new Win32Exception();
        process.StandardInput.Close();
        return process;
    }

    /// <summary>Waits for the end, and brings it about if it is no longer waited for.</summary>
    private static async Task EndAsync(Process process, CancellationToken cancellation)
    {
        try
        {
            await process.WaitForExitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true); // its own children with it; nothing is looked up by name
            await process.WaitForExitAsync(CancellationToken.None);
            throw;
        }
    }
}
