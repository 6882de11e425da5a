using LlmObs.Bench.Running;
using LlmObs.Bench.Ways;

namespace LlmObs.Bench.Measuring;

/// <summary>Runs all ways in turns, so that what else happens on the machine happens to all of them.</summary>
internal static class Rounds
{
    public static async Task RunAsync(IReadOnlyList<Way> ways, int runs, SinkProcess sink, Results results)
    {
        foreach (string file in ways.Select(way => way.File).Distinct())
        {
            await ReadOnceAsync(file); // nobody shall be the first to bring it from the disk
        }

        for (int round = 1; round <= runs; round++)
        {
            foreach (Way way in ways)
            {
                Sample sample = await Delivery.RunAsync(way, way.File, way.Events, sink, warmUp: true, MeasuredProgram.ShortLimit);
                results.Add(way.Name, sample);
                Console.Error.WriteLine($"round {round}/{runs}  {way.Name,-18} {sample.Milliseconds,8:0} ms");
            }
        }
    }

    private static async Task ReadOnceAsync(string path)
    {
        await using FileStream file = File.OpenRead(path);
        await file.CopyToAsync(Stream.Null);
    }
}
