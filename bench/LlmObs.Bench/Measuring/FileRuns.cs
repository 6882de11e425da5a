using LlmObs.Bench.Data;
using LlmObs.Bench.Running;
using LlmObs.Bench.Ways;

namespace LlmObs.Bench.Measuring;

/// <summary>Many compressed files in one call, compared with a tenth of them: time and memory must not grow with the events sent before.</summary>
internal static class FileRuns
{
    public const int SpansPerFile = 100_000;

    private const int Part = 10;

    /// <exception cref="BenchException">Another number of events arrived.</exception>
    public static async Task RunAsync(BenchOptions options, Way path, DataFiles data, SinkProcess sink, Results results)
    {
        string all = data.SpanFiles(options.Files, SpansPerFile);
        string some = data.SpanFiles(Math.Max(1, options.Files / Part), SpansPerFile);
        results.FewFiles = await RunOneAsync(some);
        results.ManyFiles = await RunOneAsync(all);

        async Task<FilesResult> RunOneAsync(string folder)
        {
            int count = Directory.GetFiles(folder).Length;
            long events = (long)count * SpansPerFile;
            Sample sample = await Delivery.RunAsync(path, Path.Combine(folder, "*.csv.gz"), events, sink, warmUp: false, MeasuredProgram.LongLimit);
            Console.Error.WriteLine($"files    {count} files: {sample.Milliseconds:0} ms, {sample.PeakAboveIdle:0} MB");
            return new FilesResult(count, events, sample);
        }
    }
}

/// <summary>One call with some files.</summary>
/// <param name="Files">The number of files.</param>
/// <param name="Events">The spans in all of them.</param>
/// <param name="Sample">The measurement.</param>
internal sealed record FilesResult(int Files, long Events, Sample Sample)
{
    public double MicrosecondsPerEvent => Sample.Milliseconds * 1000 / Events;
}
