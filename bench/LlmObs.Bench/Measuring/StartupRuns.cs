using System.Text.Json;
using LlmObs.Bench.Running;

namespace LlmObs.Bench.Measuring;

/// <summary>What a session waits for: the import, at first and again, and the first call. A fresh process each time.</summary>
internal static class StartupRuns
{
    public const string Import = "import";
    public const string ImportAgain = "import-again";
    public const string ImportEmpty = "import-empty";
    public const string ImportEmptyAgain = "import-empty-again";
    public const string FirstCall = "first-call";
    public const string SecondCall = "second-call";

    public static async Task RunImportsAsync(PowerShell powerShell, int runs, Results results)
    {
        string empty = EmptyModule();
        for (int run = 0; run <= runs; run++)
        {
            JsonElement module = await RunAsync(powerShell, Workplace.ModuleManifest);
            JsonElement nothing = await RunAsync(powerShell, empty);
            if (run > 0) // the first brings the files from the disk
            {
                Add(Import, ImportAgain, module);
                Add(ImportEmpty, ImportEmptyAgain, nothing);
            }
        }

        void Add(string first, string again, JsonElement json)
        {
            results.Add(first, Sample.From(json, arrived: null));
            results.Add(again, new Sample(Results.Median(json.GetProperty("again").EnumerateArray().Select(time => time.GetDouble())), 0, 0, null));
        }
    }

    public static async Task RunFirstCallsAsync(PowerShell powerShell, int runs, SinkProcess sink, Results results)
    {
        for (int run = 0; run <= runs; run++)
        {
            SinkCounts before = await sink.CountAsync();
            JsonElement json = await powerShell.RunAsync(
                ChildProcess.ShortLimit, "Measure-FirstCall.ps1", ("Module", Workplace.ModuleManifest), ("BaseUri", sink.BaseUri));
            SinkCounts arrived = await sink.CountAsync() - before;
            if (arrived.Events != 2)
            {
                throw new BenchException($"The first and the second call delivered {arrived.Events} events instead of 2.");
            }

            if (run > 0)
            {
                results.Add(FirstCall, Sample.From(json, arrived));
                results.Add(SecondCall, new Sample(json.GetProperty("second").GetDouble(), 0, 0, arrived));
            }
        }
    }

    private static Task<JsonElement> RunAsync(PowerShell powerShell, string module) =>
        powerShell.RunAsync(ChildProcess.ShortLimit, "Measure-Import.ps1", ("Module", module));

    /// <summary>A module of nothing but a manifest: what Import-Module itself takes.</summary>
    private static string EmptyModule()
    {
        string manifest = Path.Combine(Workplace.FreshFolder("Empty"), "Empty.psd1");
        File.WriteAllText(manifest, "@{ ModuleVersion = '1.0'; GUID = '7c9a1b52-0c53-4b0e-9a75-5f7a1c1a7f10'; FunctionsToExport = @(); CmdletsToExport = @(); AliasesToExport = @() }\n");
        return manifest;
    }
}
