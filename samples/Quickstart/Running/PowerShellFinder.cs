namespace LlmObs.Quickstart.Running;

/// <summary>Looks for PowerShell 7.6 or later: the one that LLMOBS_PWSH names or pwsh on PATH, then the local .NET tool.</summary>
/// <param name="root">The folder above <c>.config/dotnet-tools.json</c>.</param>
internal sealed class PowerShellFinder(string root)
{
    private const string Setting = "LLMOBS_PWSH";
    private const string None = "none";

    private static readonly Version Oldest = new(7, 6);
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan RestoreLimit = TimeSpan.FromSeconds(90);
    private static readonly string[] AskVersion =
        ["-NoLogo", "-NoProfile", "-NonInteractive", "-Command", "$PSVersionTable.PSVersion.ToString()"];

    private readonly List<string> rejected = [];

    /// <summary>What was found and can't be used, for the user.</summary>
    public IReadOnlyList<string> Rejected => rejected;

    public async Task<PowerShellProgram?> FindAsync(CancellationToken cancellation)
    {
        string wanted = Environment.GetEnvironmentVariable(Setting) is { Length: > 0 } named ? named : "pwsh";
        if (wanted == None)
        {
            rejected.Add($"{Setting} is '{None}'");
            return null;
        }

        foreach (string program in PlacesOf(wanted))
        {
            if (await TryAsync(program, [], program, cancellation) is { } found)
            {
                return found;
            }
        }

        return await FindToolAsync(cancellation);
    }

    private async Task<PowerShellProgram?> FindToolAsync(CancellationToken cancellation)
    {
        string dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host : "dotnet";
        Console.WriteLine("  No PowerShell 7.6 on PATH; trying the local .NET tool ...");
        return await ChildProcess.ReadAsync(dotnet, ["tool", "restore"], root, RestoreLimit, cancellation) is null
            ? null
            : await TryAsync(dotnet, ["tool", "run", "pwsh", "--"], "local .NET tool", cancellation);
    }

    private async Task<PowerShellProgram?> TryAsync(string program, string[] prefix, string origin, CancellationToken cancellation)
    {
        string? answer = await ChildProcess.ReadAsync(program, [.. prefix, .. AskVersion], root, AnswerLimit, cancellation);
        string version = answer?.Trim() ?? string.Empty;
        if (!Version.TryParse(version.Split('-')[0], out Version? number))
        {
            rejected.Add($"{origin} does not run as PowerShell");
            return null;
        }

        if (number < Oldest)
        {
            rejected.Add($"{origin} is {version}");
            return null;
        }

        return new PowerShellProgram(program, prefix, version, origin);
    }

    /// <summary>The files that a name means: itself where it is a path, else those on PATH, never one in the current folder.</summary>
    private static IEnumerable<string> PlacesOf(string name)
    {
        if (Path.GetFileName(name) != name)
        {
            return [Path.GetFullPath(name)];
        }

        string file = OperatingSystem.IsWindows() && !Path.HasExtension(name) ? name + ".exe" : name;
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(
            Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return folders.Where(Path.IsPathRooted).Select(folder => Path.Combine(folder, file)).Where(File.Exists).Distinct();
    }
}
