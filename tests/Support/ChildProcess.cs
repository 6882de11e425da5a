using System.ComponentModel;
using System.Diagnostics;

namespace LlmObs.Testing;

/// <summary>The outcome of a program.</summary>
/// <param name="ExitCode">Its exit code; -1 if it can't be run, or is not done in time.</param>
/// <param name="Errors">Its errors, or the reason why it did not end by itself.</param>
internal sealed record ProcessResult(int ExitCode, string Output, string Errors)
{
    /// <summary>Output and errors, errors last.</summary>
    public string Text => Output + Errors;
}

/// <summary>Runs another program. It gets its arguments as a list; variables that are null are taken away from its environment.</summary>
internal static class ChildProcess
{
    /// <summary>Runs a program to its end, quietly and without input.</summary>
    public static async Task<ProcessResult> RunAsync(
        string program,
        IEnumerable<string> arguments,
        string folder,
        TimeSpan limit,
        IReadOnlyDictionary<string, string?>? environment = null,
        CancellationToken cancellation = default)
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timer.CancelAfter(limit);
        try
        {
            using Process process = Start(program, arguments, folder, environment);
            process.StandardInput.Close();
            Task<string> output = process.StandardOutput.ReadToEndAsync(timer.Token);
            Task<string> errors = process.StandardError.ReadToEndAsync(timer.Token);
            await WaitAsync(process, timer.Token);
            return new ProcessResult(process.ExitCode, await output, await errors);
        }
        catch (Win32Exception e)
        {
            return new ProcessResult(-1, string.Empty, e.Message);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new ProcessResult(-1, string.Empty, $"{program} was ended after {limit.TotalSeconds} s.");
        }
    }

    /// <summary>Runs a program on this console, without input.</summary>
    /// <returns>Its exit code.</returns>
    /// <exception cref="Win32Exception">It can't be run.</exception>
    public static async Task<int> ShowAsync(
        string program, IEnumerable<string> arguments, string folder, IReadOnlyDictionary<string, string?> environment, CancellationToken cancellation)
    {
        using Process process = Start(Describe(program, arguments, folder, environment));
        process.StandardInput.Close();
        await WaitAsync(process, cancellation);
        return process.ExitCode;
    }

    /// <summary>Starts a program that the caller feeds, reads and ends.</summary>
    /// <exception cref="Win32Exception">It can't be run.</exception>
    public static Process Start(string program, IEnumerable<string> arguments, string folder, IReadOnlyDictionary<string, string?>? environment = null)
    {
        ProcessStartInfo start = Describe(program, arguments, folder, environment);
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        return Start(start);
    }

    /// <summary>Ends a program and its own children by their ids; nothing is looked up by name.</summary>
    public static async Task EndAsync(Process process)
    {
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(CancellationToken.None);
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

    private static Process Start(ProcessStartInfo start) => Process.Start(start) ?? throw new Win32Exception();

    /// <summary>Waits for the end, and brings it about if it is no longer waited for.</summary>
    private static async Task WaitAsync(Process process, CancellationToken cancellation)
    {
        try
        {
            await process.WaitForExitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            await EndAsync(process);
            throw;
        }
    }
}
