using LlmObs.Testing;

namespace LlmObs.Quickstart.Running;

/// <summary>Finds PowerShell 7.6 or later: pwsh on PATH, else the local .NET tool, which it restores.</summary>
/// <param name="root">The folder above <c>.config/dotnet-tools.json</c>.</param>
internal sealed class PowerShellFinder(string root)
{
    private static readonly Version Oldest = new(7, 6);
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RestoreLimit = TimeSpan.FromMinutes(5);

    // A .NET tool starts through two other processes. Its output here shows how to start it without them.
    private static readonly string[] AskWhatRuns =
    [
        "-NoLogo", "-NoProfile", "-NonInteractive", "-Command",
        "$PSVersionTable.PSVersion.ToString(); [Environment]::ProcessPath; [Environment]::GetCommandLineArgs()[0]",
    ];

    private readonly List<string> _rejected = [];

    /// <exception cref="PowerShellNotFoundException">There is none, and it can't be restored.</exception>
    public async Task<PowerShellProgram> FindAsync(CancellationToken cancellation)
    {
        foreach (string program in OnPath())
        {
            if (await TryAsync(program, [], program, cancellation) is { } found)
            {
                return found;
            }
        }

        string dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host : "dotnet";
        Console.WriteLine("  No PowerShell 7.6 on PATH; restoring the local .NET tool ...");
        ProcessResult restored = await ChildProcess.RunAsync(dotnet, ["tool", "restore"], root, RestoreLimit, cancellation: cancellation);
        if (restored.ExitCode != 0)
        {
            _rejected.Add($"'dotnet tool restore' failed: {restored.Text.Trim()}");
        }
        else if (await TryAsync(dotnet, ["tool", "run", "pwsh", "--"], "local .NET tool", cancellation) is { } tool)
        {
            return tool;
        }

        throw new PowerShellNotFoundException(
            $"PowerShell {Oldest} or later was found neither as pwsh on PATH nor as the local .NET tool ({string.Join("; ", _rejected)}). "
            + $"Install it (https://aka.ms/powershell), or run 'dotnet tool restore' in {root} where it reaches a package feed.");
    }

    private async Task<PowerShellProgram?> TryAsync(string program, string[] prefix, string origin, CancellationToken cancellation)
    {
        ProcessResult result = await ChildProcess.RunAsync(program, [.. prefix, .. AskWhatRuns], root, AnswerLimit, cancellation: cancellation);
        string[] said = result.Output.Split('\n', StringSplitOptions.TrimEntries);
        if (result.ExitCode != 0 || !Version.TryParse(said[0].Split('-')[0], out Version? version))
        {
            _rejected.Add($"{origin} does not run as PowerShell");
            return null;
        }

        if (version < Oldest)
        {
            _rejected.Add($"{origin} is {said[0]}");
            return null;
        }

        bool isHosted = Path.GetFileNameWithoutExtension(said[1]) == "dotnet";
        return new PowerShellProgram(said[1], isHosted ? [said[2]] : [], said[0], origin);
    }

    /// <summary>The files on PATH, never one in the current folder.</summary>
    private static IEnumerable<string> OnPath()
    {
        string file = OperatingSystem.IsWindows() ? "pwsh.exe" : "pwsh";
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(
            Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return folders.Where(Path.IsPathRooted).Select(folder => Path.Combine(folder, file)).Where(File.Exists).Distinct();
    }
}

/// <summary>There is no PowerShell; the message is for the user.</summary>
internal sealed class PowerShellNotFoundException(string message) : Exception(message);
