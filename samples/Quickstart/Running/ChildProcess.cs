using System.ComponentModel;
using System.Diagnostics;

namespace LlmObs.Quickstart.Running;

/// <summary>Runs another program. It gets its arguments as a list, and no input.</summary>
internal static class ChildProcess
{
    /// <summary>Runs a program quietly.</summary>
    /// <returns>What it printed; null where it can't be run, fails, or is not done in time.</returns>
    public static async Task<string?> ReadAsync(
        string program, IEnumerable<string> arguments, string folder, TimeSpan limit, CancellationToken cancellation)
    {
        ProcessStartInfo start = Describe(program, arguments, folder);
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
            await errors;
            return process.ExitCode == 0 ? await output : null;
        }
        catch (Exception e) when (e is Win32Exception || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return null;
        }
    }

    /// <summary>Runs a program on this console. Variables that are null are taken away from its environment.</summary>
    /// <returns>Its exit code.</returns>
    /// <exception cref="Win32Exception">It can't be run.</exception>
    public static async Task<int> ShowAsync(
        string program, IEnumerable<string> arguments, string folder, IReadOnlyDictionary<string, string?> environment, CancellationToken cancellation)
    {
        ProcessStartInfo start = Describe(program, arguments, folder);
        foreach ((string name, string? value) in environment)
        {
            if (value is null)
            {
                start.Environment.Remove(name);
            }
            else
            {
                start.Environment[name] = value;
            }
        }

        using Process process = Start(start);
        await EndAsync(process, cancellation);
        return process.ExitCode;
    }

    private static ProcessStartInfo Describe(string program, IEnumerable<string> arguments, string folder) => new(program, arguments)
    {
        UseShellExecute = false,
        RedirectStandardInput = true,
        WorkingDirectory = folder,
    };

    private static Process Start(ProcessStartInfo start)
    {
        Process process = Process.Start(start) ?? throw new Win32Exception();
        process.StandardInput.Close();
        return process;
    }

    /// <summary>Waits for the end, and brings it about where it is no longer waited for.</summary>
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
