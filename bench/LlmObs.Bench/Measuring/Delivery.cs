using LlmObs.Bench.Running;
using LlmObs.Bench.Ways;

namespace LlmObs.Bench.Measuring;

/// <summary>Runs a way once, and makes sure that exactly its events arrived.</summary>
internal static class Delivery
{
    /// <exception cref="BenchException">The way failed, or another number of events arrived.</exception>
    public static async Task<Sample> RunAsync(Way way, string file, long events, SinkProcess sink, bool warmUp, TimeSpan limit)
    {
        SinkCounts before = await sink.CountAsync();
        Command command = way.ToCommand(file, sink, warmUp ? way.WarmUpFile : null);
        var json = await command.RunAsync(limit);
        SinkCounts arrived = await sink.CountAsync() - before;
        long expected = way.Sends ? events + (warmUp ? way.WarmUpEvents : 0) : 0;
        return arrived.Events == expected
            ? Sample.From(json, arrived)
            : throw new BenchException($"{way.Name} delivered {arrived.Events} events instead of {expected}.");
    }
}
