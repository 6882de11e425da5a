using LlmObs.Bench.Data;
using LlmObs.Bench.Running;
using LlmObs.Bench.Ways;

namespace LlmObs.Bench.Measuring;

/// <summary>Many compressed files in one call, in turns with a tenth of them: time and memory must not grow with the events sent before.</summary>
internal static class FileRuns
{
    public const int SpansPerFile = 100_000;

    private const int Part = 10;
    private const int MostRuns = 3; // of half a minute and more

    /// <exception cref="BenchException">Another number of events arrived.</exception>
    public static async Task RunAsync(BenchOptions options, Way path, DataFiles data, SinkProcess sink, Results results)
    {
        string all = data.SpanFiles(options.Files, SpansPerFile);
        string some = data.SpanFiles(Math.Max(1, options.Files / Part), SpansPerFile);
        results.FewFiles = new FilesResult(Directory.GetFiles(some).Length);
        results.ManyFiles = new FilesResult(Directory.GetFiles(all).Length);
        for (int run = 0; run < Math.Min(options.Runs, MostRuns); run++)
        {
            await RunOneAsync(some, results.FewFiles);
            await RunOneAsync(all, results.ManyFiles);
        }

        async Task RunOneAsync(string folder, FilesResult result)
        {
            Sample sample = await Delivery.RunAsync(path, Path.Combine(folder, "*.csv.gz"), result.Events, sink, warmUp: false, MeasuredProgram.LongLimit);
            Console.Error.WriteLine($"files    {result.Files} files: {sample.Milliseconds:0} ms, {sample.PeakAboveIdle:0} MB");
            result.Samples.Add(sample);
        }
    }
}

/// <summary>Calls with the same files.</summary>
/// <param name="files">The number of files.</param>
internal sealed class FilesResult(int files)
{
    public int Files => files;

    public long Events => (long)files * FileRuns.SpansPerFile;

    public List<Sample> Samples { get; } = [];

    public double MicrosecondsPerEvent => Results.Median(Samples.Select(sample => sample.Milliseconds)) * 1000 / Events;

    /// <summary>The highest peak of all calls, in MB above idle.</summary>
    public double Peak => Samples.Max(sample => sample.PeakAboveIdle);
}
