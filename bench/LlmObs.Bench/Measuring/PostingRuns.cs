using System.Globalization;
using System.Text.Json;
using LlmObs.Bench.Running;
using LlmObs.Bench.Ways;

namespace LlmObs.Bench.Measuring;

/// <summary>
/// A file sent some times in a session, from the first call of the process on, against a program that posts the same bodies
/// from memory: what reading the file and writing the bodies adds to what no sender can do without. Plain C# that also reads and
/// writes shows what the first run of a process costs without PowerShell and this module.
/// </summary>
internal static class PostingRuns
{
    public const string Name = "posting";
    public const string Path = "posting-path";
    public const string PathFirst = "posting-path-first";
    public const string PathFourth = "posting-path-fourth";
    public const string PlainFirst = "posting-plain-first";
    public const string Post = "posting-post";
    public const string PostFirst = "posting-post-first";
    public const string PostFourth = "posting-post-fourth";

    private const int Turns = 4;

    /// <exception cref="BenchException">Another number of events arrived.</exception>
    public static async Task RunAsync(PowerShell powerShell, Way send, Way plain, int runs, SinkProcess sink, Results results)
    {
        string bodies = Workplace.FreshFolder("bodies");
        try
        {
            await using (SinkProcess keeper = await SinkProcess.StartAsync("--keep", bodies))
            {
                await Delivery.RunAsync(send, send.File, send.Events, keeper, warmUp: false, MeasuredProgram.ShortLimit);
            }

            for (int run = 0; run < runs; run++)
            {
                IReadOnlyList<double> path = (await SessionRuns.RunOneAsync(powerShell, send, sink, results, Turns, warmUp: false, (Path, "send-path.ps1", true)))[0];
                results.Add(PathFirst, path[0]);
                results.Add(PathFourth, path[Turns - 1]);

                results.Add(PlainFirst, await Delivery.RunAsync(plain, plain.File, plain.Events, sink, warmUp: false, MeasuredProgram.ShortLimit));

                IReadOnlyList<double> post = await PostAsync(bodies, send.Events, sink);
                results.Add(PostFirst, post[0]);
                results.Add(PostFourth, post[Turns - 1]);
            }
        }
        finally
        {
            Directory.Delete(bodies, recursive: true);
        }
    }

    private static async Task<IReadOnlyList<double>> PostAsync(string bodies, long events, SinkProcess sink)
    {
        SinkCounts before = await sink.CountAsync();
        var command = new Command(
            "dotnet", [Workplace.Beside("LlmObs.Bench.PlainCSharp.dll"), "--bodies", bodies, sink.EventsUri, Turns.ToString(CultureInfo.InvariantCulture)]);
        JsonElement json = await command.RunAsync(MeasuredProgram.ShortLimit);
        SinkCounts arrived = await sink.CountAsync() - before;
        if (arrived.Events != Turns * events)
        {
            throw new BenchException($"Posting the bodies delivered {arrived.Events} events instead of {Turns * events}.");
        }

        double[] times = [.. json.GetProperty("times").EnumerateArray().Select(time => time.GetDouble())];
        Console.Error.WriteLine($"session  {Post,-28} {string.Join(' ', times.Select(time => $"{time,6:0}"))} ms");
        return times;
    }
}
