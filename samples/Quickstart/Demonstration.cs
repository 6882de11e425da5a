using System.ComponentModel;
using System.Diagnostics;
using LlmObs.Emulator.Server;
using LlmObs.Emulator.Settings;
using LlmObs.Quickstart.Running;
using LlmObs.Quickstart.Verification;

namespace LlmObs.Quickstart;

/// <summary>The whole quickstart: an emulator, the script in PowerShell, and the checks.</summary>
internal static class Demonstration
{
    /// <summary>True if an exception's message is enough for the user.</summary>
    public static bool IsExpected(Exception e) =>
        e is QuickstartException or PowerShellNotFoundException or EmulatorException or Win32Exception or IOException or UnauthorizedAccessException;

    /// <returns>True if every check passed.</returns>
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

        RunResult result = await RunScriptAsync(repository, emulator.BaseUri, cancellation);

        Console.WriteLine("What the emulator has stored");
        Console.WriteLine();
        (int checks, int failures) = new Verifier(emulator.Store, SampleData.Read(repository), before, result).Run();
        Console.WriteLine();
        Console.WriteLine(failures == 0
            ? FormattableString.Invariant($"All {checks} checks passed in {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s.")
            : $"{failures} of {checks} checks FAILED.");
        return failures == 0;
    }

    private static async Task<RunResult> RunScriptAsync(Repository repository, Uri emulator, CancellationToken cancellation)
    {
        PowerShellProgram powerShell = await new PowerShellFinder(repository.Root).FindAsync(cancellation);
        Console.WriteLine($"  PowerShell  {powerShell.Version} ({powerShell.Origin})");
        Console.WriteLine();
        return await ScriptRun.RunAsync(powerShell, repository, emulator, cancellation);
    }
}
