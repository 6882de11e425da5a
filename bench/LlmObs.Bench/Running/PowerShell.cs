using System.Text.Json;

using System.Diagnostics;

namespace LlmObs.Bench.Running;

/// <summary>Runs scripts in fresh PowerShell processes.</summary>
internal sealed class PowerShell
{
    private static readonly Version Oldest = new(7, 6);

    private readonly string _program;

    private PowerShell(string program, string version)
    {
        _program = program;
        Version = version;
    }

    public string Version { get; }

    /// <exception cref="BenchException">There is none that is new enough.</exception>
    public static async Task<PowerShell> FindAsync()
    {
        const string Name = "pwsh";
        string said = await MeasuredProgram.RunAsync(
            Name, ["-NoLogo", "-NoProfile", "-NonInteractive", "-Command", "$PSVersionTable.PSVersion.ToString()"], MeasuredProgram.ShortLimit);
        string version = said.Trim();
        return System.Version.TryParse(version.Split('-')[0], out Version? number) && number >= Oldest
            ? new PowerShell(Name, version)
            : throw new BenchException($"PowerShell {Oldest} or later is needed on PATH as pwsh; found is {version}.");
    }

    /// <summary>The arguments that run a script of bench/PowerShell.</summary>
    public static string[] Arguments(string script, params (string Name, string Value)[] parameters) =>
        ["-NoLogo", "-NoProfile", "-NonInteractive", "-File", Workplace.Source("PowerShell", script), .. parameters.SelectMany(one => (string[])["-" + one.Name, one.Value])];

    /// <summary>The milliseconds of a whole process that runs these commands, its start and its end with it.</summary>
    /// <exception cref="BenchException">It failed.</exception>
    public async Task<double> TimeAsync(string commands, IReadOnlyDictionary<string, string> environment)
    {
        long started = Stopwatch.GetTimestamp();
        await MeasuredProgram.RunAsync(_program, ["-NoProfile", "-NonInteractive", "-Command", commands], MeasuredProgram.ShortLimit, environment: environment);
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    public Command Command(string script, params (string Name, string Value)[] parameters) => new(_program, Arguments(script, parameters));

    /// <summary>The line of JSON that a script writes last.</summary>
    public async Task<JsonElement> RunAsync(TimeSpan limit, string script, params (string Name, string Value)[] parameters) =>
        await Command(script, parameters).RunAsync(limit);
}
