using System.Text.Json;
using LlmObs.Bench.Data;
using LlmObs.Bench.Running;

namespace LlmObs.Bench.Measuring;

/// <summary>Fills datasets and an experiment of an emulator and reads them back: how time and memory grow with the rows.</summary>
internal static class RecordRuns
{
    public const string Name = "records";
    public const string Add = "records-add";
    public const string ReadFirst = "records-read-first";
    public const string ReadFifth = "records-read-fifth";
    public const string Read = "records-read";
    public const string ReadSpans = "records-read-spans";

    private const int Part = 5;

    public static int FifthOf(int rows) => rows / Part;

    /// <exception cref="BenchException">Another number of records or spans came back.</exception>
    public static async Task RunAsync(BenchOptions options, DataFiles data, PowerShell powerShell, Results results)
    {
        string file = data.SpanCsv(options.Events);
        string fifth = data.SpanCsv(FifthOf(options.Events));
        long sent = 2 * (new FileInfo(file).Length + new FileInfo(fifth).Length);
        for (int run = 1; run <= options.Runs; run++)
        {
            await using EmulatorProcess emulator = await EmulatorProcess.StartAsync(powerShell);
            EmulatorMemory empty = await emulator.MeasureAsync();
            JsonElement json = await powerShell.RunAsync(
                MeasuredProgram.LongLimit,
                "Measure-Records.ps1",
                ("Module", Workplace.ModuleManifest),
                ("BaseUri", emulator.BaseUri),
                ("File", file),
                ("FifthFile", fifth));
            JsonElement counts = json.GetProperty("counts");
            MustBe(counts.GetProperty("warmUp"), FifthOf(options.Events));
            MustBe(counts.GetProperty("first"), options.Events);
            MustBe(counts.GetProperty("fifth"), FifthOf(options.Events));
            MustBe(counts.GetProperty("whole"), options.Events);
            MustBe(counts.GetProperty("spans"), options.Events);

            EmulatorMemory full = await emulator.MeasureAsync();
            JsonElement times = json.GetProperty("times");
            results.Add(Add, times.GetProperty("add").GetDouble());
            results.Add(ReadFirst, times.GetProperty("readFirst").GetDouble());
            results.Add(ReadFifth, times.GetProperty("readFifth").GetDouble());
            results.Add(Read, times.GetProperty("read").GetDouble());
            results.Add(ReadSpans, times.GetProperty("readSpans").GetDouble());
            results.Records.Add(new RecordMemory(
                (json.GetProperty("peak").GetInt64() - json.GetProperty("idle").GetInt64()) / 1e6,
                (full.Now - empty.Now) / 1e6,
                (full.Peak - empty.Now) / 1e6,
                sent / 1e6));
            Console.Error.WriteLine($"records {run}/{options.Runs}  {times.GetRawText()}  {results.Records[^1]}");
        }
    }

    private static void MustBe(JsonElement count, int expected)
    {
        if (count.GetInt32() != expected)
        {
            throw new BenchException($"{count.GetInt32()} records or spans came back instead of {expected}.");
        }
    }
}

/// <summary>The memory of a session that fills an emulator and reads it back, in MB.</summary>
/// <param name="Session">The peak of the session above its memory before the first record.</param>
/// <param name="EmulatorHolds">The emulator's memory at the end, above its memory when it was empty.</param>
/// <param name="EmulatorPeak">The most that it held, above the same.</param>
/// <param name="Sent">The size of the files that were sent to it.</param>
internal sealed record RecordMemory(double Session, double EmulatorHolds, double EmulatorPeak, double Sent);
