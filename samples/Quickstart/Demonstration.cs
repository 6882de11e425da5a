using System.ComponentModel;
using System.Diagnostics;
using LlmObs.Client.Rows;
using LlmObs.Emulator.Server;
using LlmObs.Quickstart.Running;
using LlmObs.Quickstart.Verification;

namespace LlmObs.Quickstart;

/// <summary>The whole quickstart: an emulator, the steps in PowerShell or in .NET, and the checks.</summary>
internal static class Demonstration
{
    /// <summary>Whether an exception's message tells the user all there is to know.</summary>
    public static bool IsExpected(Exception e) =>
        e is QuickstartException or EmulatorException or LlmObsException or EventRowException or Win32Exception or IOException or UnauthorizedAccessException;

    /// <returns>Whether every check passed.</returns>
    public static async Task<bool> RunAsync(Arguments arguments, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        Repository repository = Repository.Above(AppContext.BaseDirectory)
            ?? throw new QuickstartException("The repository's root, the folder of LlmObs.psd1, is not above this program.");

        await using EmulatorServer emulator = EmulatorServer.Start(new EmulatorOptions { DataPath = arguments.DataFolder });
        HashSet<string> before = [.. emulator.Store.Experiments.Select(experiment => experiment.Id)];
        Console.WriteLine("LlmObs quickstart");
        Console.WriteLine($"  emulator    {emulator.BaseUri}");
        if (arguments.DataFolder is not null)
        {
            Console.WriteLine($"  journal     {Path.GetFullPath(arguments.DataFolder)} (experiments from earlier runs: {before.Count})");
        }

        RunResult result = await RunStepsAsync(repository, emulator.BaseUri, cancellation);

        Console.WriteLine("What the emulator has stored");
        Console.WriteLine();
        (int checks, int failures) = new Verifier(emulator.Store, SampleData.Read(repository), before, result).Run();
        Console.WriteLine();
        Console.WriteLine(failures == 0
            ? FormattableString.Invariant($"All {checks} checks passed in {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s.")
            : $"{failures} of {checks} checks FAILED.");
        return failures == 0;
    }

    private static async Task<RunResult> RunStepsAsync(Repository repository, Uri emulator, CancellationToken cancellation)
    {
        var finder = new PowerShellFinder(repository.Root);
        if (await finder.FindAsync(cancellation) is { } powerShell)
        {
            Console.WriteLine($"  PowerShell  {powerShell.Version} ({powerShell.Origin})");
            Console.WriteLine();
            return await ScriptRun.RunAsync(powerShell, repository, emulator, cancellation);
        }

        Console.WriteLine($"  PowerShell  {(finder.Rejected.Count > 0 ? string.Join("; ", finder.Rejected) : "none")}");
        Console.WriteLine();
        Console.WriteLine("No PowerShell 7.6 or later was found, so the same steps run in .NET.");
        Console.WriteLine();
        return await InProcessRun.RunAsync(repository, emulator, cancellation);
    }
}
