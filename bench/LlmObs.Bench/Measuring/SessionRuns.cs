using System.Globalization;
using System.Text.Json;
using LlmObs.Bench.Running;
using LlmObs.Bench.Ways;

namespace LlmObs.Bench.Measuring;

/// <summary>
/// Ways in turns in one PowerShell process. What runs for the first time in a process waits for .NET's compiler, which has
/// not finished with PowerShell's own reader of CSV when so many rows are read; the rounds of fresh processes show that, the
/// turns of a session show what the module adds.
/// </summary>
internal static class SessionRuns
{
    public const string Name = "session";
    public const string Explain = "explain";
    public const string Send = "session-send";
    public const string Null = "session-null";
    public const string SkipCmdlet = "session-skip";
    public const string ReadCmdlet = "session-read";
    public const string NullBesideCmdlets = "session-null-beside-cmdlets";

    public const int Sessions = 3;

    private const int Turns = 6;

    /// <summary>Import-Csv piped to Send-LlmObsEvent, and Import-Csv alone.</summary>
    /// <exception cref="BenchException">Another number of events arrived.</exception>
    public static async Task RunAsync(PowerShell powerShell, Way send, SinkProcess sink, Results results)
    {
        for (int session = 1; session <= Sessions; session++)
        {
            await RunOneAsync(powerShell, send, sink, results, Turns, warmUp: true, (Null, "import-csv-null.ps1", false), (Send, "import-csv-send.ps1", true));
        }
    }

    /// <summary>Import-Csv piped to compiled cmdlets that send nothing.</summary>
    public static Task RunCmdletsAsync(PowerShell powerShell, Way send, SinkProcess sink, Results results) => RunOneAsync(
        powerShell,
        send,
        sink,
        results,
        Turns,
        warmUp: true,
        (NullBesideCmdlets, "import-csv-null.ps1", false),
        (SkipCmdlet, "import-csv-skip.ps1", false),
        (ReadCmdlet, "import-csv-read.ps1", false));

    /// <summary>The times of each way, one list a way.</summary>
    /// <exception cref="BenchException">Another number of events arrived.</exception>
    public static async Task<IReadOnlyList<IReadOnlyList<double>>> RunOneAsync(
        PowerShell powerShell, Way files, SinkProcess sink, Results results, int turns, bool warmUp, params (string Name, string Script, bool Sends)[] ways)
    {
        SinkCounts before = await sink.CountAsync();
        JsonElement json = await powerShell.RunAsync(
            MeasuredProgram.LongLimit,
            "Measure-Session.ps1",
            [
                ("Ways", string.Join(',', ways.Select(way => Workplace.Source("PowerShell", "ways", way.Script)))),
                ("Modules", $"{Workplace.ModuleManifest},{Workplace.Beside("LlmObs.Bench.Cmdlets.dll")}"),
                ("BaseUri", sink.BaseUri),
                ("File", files.File),
                .. warmUp ? [("WarmUp", files.WarmUpFile)] : Array.Empty<(string, string)>(),
                ("Turns", turns.ToString(CultureInfo.InvariantCulture)),
            ]);
        SinkCounts arrived = await sink.CountAsync() - before;
        long expected = ways.Count(way => way.Sends) * ((warmUp ? files.WarmUpEvents : 0) + (turns * files.Events));
        if (arrived.Events != expected)
        {
            throw new BenchException($"The turns of a session delivered {arrived.Events} events instead of {expected}.");
        }

        List<IReadOnlyList<double>> times = [.. json.GetProperty("times").EnumerateArray().Select(way => way.EnumerateArray().Select(time => time.GetDouble()).ToArray())];
        foreach (((string name, _, _), IReadOnlyList<double> own) in ways.Zip(times))
        {
            Console.Error.WriteLine($"session  {name,-28} {string.Join(' ', own.Select(time => $"{time,6:0}"))} ms");
            foreach (double time in own)
            {
                results.Add(name, time);
            }
        }

        return times;
    }
}
