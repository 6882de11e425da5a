using System.Text.Json;
using LlmObs.Bench.Running;
using LlmObs.Bench.Ways;

namespace LlmObs.Bench.Measuring;

/// <summary>
/// Import-Csv with Send-LlmObsEvent behind it, and with nothing behind it, in turns in one PowerShell process. What runs for
/// the first time in a process waits for .NET's compiler, which has not finished with PowerShell's own reader of CSV when so
/// many rows are read; the rounds of fresh processes show that, the turns of a session show what the module adds.
/// </summary>
internal static class SessionRuns
{
    public const string Name = "session";
    public const string Send = "session-send";
    public const string Null = "session-null";

    private const int Sessions = 3;

    /// <exception cref="BenchException">Another number of events arrived.</exception>
    public static async Task RunAsync(PowerShell powerShell, Way send, int turns, SinkProcess sink, Results results)
    {
        for (int session = 1; session <= Sessions; session++)
        {
            SinkCounts before = await sink.CountAsync();
            JsonElement json = await powerShell.RunAsync(
                ChildProcess.LongLimit,
                "Measure-Session.ps1",
                ("Way", Workplace.Source("PowerShell", "ways", "import-csv-send.ps1")),
                ("Reference", Workplace.Source("PowerShell", "ways", "import-csv-null.ps1")),
                ("Module", Workplace.ModuleManifest),
                ("BaseUri", sink.BaseUri),
                ("File", send.File),
                ("WarmUp", send.WarmUpFile),
                ("Turns", $"{turns}"));
            SinkCounts arrived = await sink.CountAsync() - before;
            long expected = send.WarmUpEvents + (turns * send.Events);
            if (arrived.Events != expected)
            {
                throw new BenchException($"The turns of a session delivered {arrived.Events} events instead of {expected}.");
            }

            Add(Send, json.GetProperty("way"));
            Add(Null, json.GetProperty("reference"));
            Console.Error.WriteLine($"session {session}/{Sessions}  {json.GetRawText()}");
        }

        void Add(string name, JsonElement times)
        {
            foreach (JsonElement time in times.EnumerateArray())
            {
                results.Add(name, new Sample(time.GetDouble(), 0, 0, null));
            }
        }
    }
}
