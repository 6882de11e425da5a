using System.Text.Json;
using LlmObs.Bench.Running;

namespace LlmObs.Bench.Measuring;

/// <summary>What a session waits for once: the import, and the first call. A fresh process each time.</summary>
internal static class StartupRuns
{
    public const string Import = "import";
    public const string ImportEmpty = "import-empty";
    public const string FirstCall = "first-call";
    public const string SecondCall = "second-call";

    public static async Task RunImportsAsync(PowerShell powerShell, int runs, Results results)
    {
        string empty = EmptyModule();
        await RunAsync(powerShell, Workplace.ModuleManifest); // brings the files from the disk
        for (int run = 0; run < runs; run++)
        {
            results.Add(Import, await RunAsync(powerShell, Workplace.ModuleManifest));
            results.Add(ImportEmpty, await RunAsync(powerShell, empty));
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

    private static async Task<Sample> RunAsync(PowerShell powerShell, string module) =>
        Sample.From(await powerShell.RunAsync(ChildProcess.ShortLimit, "Measure-Import.ps1", ("Module", module)), arrived: null);

    /// <summary>A module of nothing but a manifest: what Import-Module itself takes.</summary>
    private static string EmptyModule()
    {
        string manifest = Path.Combine(Workplace.FreshFolder("Empty"), "Empty.psd1");
        File.WriteAllText(manifest, "@{ ModuleVersion = '1.0'; GUID = '7c9a1b52-0c53-4b0e-9a75-5f7a1c1a7f10'; FunctionsToExport = @(); CmdletsToExport = @(); AliasesToExport = @() }\n");
        return manifest;
    }
}
