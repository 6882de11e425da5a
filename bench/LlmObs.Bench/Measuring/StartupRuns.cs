using System.Text.Json;
using LlmObs.Bench.Running;

namespace LlmObs.Bench.Measuring;

/// <summary>The waits of a session: the import, the first and again, and the first call. A new process each time.</summary>
internal static class StartupRuns
{
    public const string Bare = "startup-bare";
    public const string WithEmpty = "startup-empty";
    public const string WithImport = "startup-import";
    public const string WithCall = "startup-call";
    public const string WithCmdlets = "startup-cmdlets";
    public const string WithSkip = "startup-skip";
    public const string WithPost = "startup-post";
    public const string SkipAboveImport = "startup-skip-above-import";
    public const string PostAboveImport = "startup-post-above-import";
    public const string EmptyAboveBare = "startup-empty-above-bare";
    public const string ImportAboveBare = "startup-import-above-bare";
    public const string CallAboveImport = "startup-call-above-import";
    public const string Import = "import";
    public const string ImportAgain = "import-again";
    public const string ImportEmpty = "import-empty";
    public const string ImportEmptyAgain = "import-empty-again";
    public const string FirstCall = "first-call";
    public const string SecondCall = "second-call";

    private const int ProcessesPerRound = 3; // a start of PowerShell takes nine tenths of a second, and the measured part a twentieth of it

    private const string OneMetric = "$null = [pscustomobject]@{ span_id = '0001020304050607'; label = 'faithfulness'; score_value = 0.5 }";

    /// <summary>
    /// Whole processes in turns: PowerShell alone, with an empty module, with ours, and with one metric sent. For what PowerShell and
    /// .NET take for the same line, the metric also goes to a cmdlet that does nothing and to one that only posts a ready-made body.
    /// </summary>
    public static async Task RunProcessesAsync(PowerShell powerShell, int runs, SinkProcess sink, Results results)
    {
        EmptyModule();
        var environment = new Dictionary<string, string> { ["PSModulePath"] = Workplace.Modules, ["LLMOBS_BASE_URI"] = sink.BaseUri };
        string cmdlets = $"Import-Module '{Workplace.Beside("LlmObs.Bench.Cmdlets.dll").Replace("'", "''", StringComparison.Ordinal)}'";
        (string Name, string Commands)[] cases =
        [
            (Bare, "$null"),
            (WithEmpty, "Import-Module Empty"),
            (WithImport, "Import-Module LlmObs"),
            (WithCall, $"Import-Module LlmObs; {OneMetric} | Send-LlmObsEvent -ExperimentId 5eed0000-0000-4000-8000-00000000be9c"),
            (WithCmdlets, cmdlets),
            (WithSkip, $"{cmdlets}; {OneMetric} | Skip-BenchObject"),
            (WithPost, $"{cmdlets}; {OneMetric} | Send-BenchObject -Uri {sink.BaseUri}/post"),
        ];
        SinkCounts before = await sink.CountAsync();
        int rounds = (ProcessesPerRound * runs) + 1; // the first brings the files from the disk
        for (int round = 0; round < rounds; round++)
        {
            var times = new Dictionary<string, double>();
            foreach ((string name, string commands) in cases)
            {
                times[name] = await powerShell.TimeAsync(commands, environment);
            }

            if (round > 0)
            {
                times[EmptyAboveBare] = times[WithEmpty] - times[Bare];
                times[ImportAboveBare] = times[WithImport] - times[Bare];
                times[CallAboveImport] = times[WithCall] - times[WithImport];
                times[SkipAboveImport] = times[WithSkip] - times[WithCmdlets];
                times[PostAboveImport] = times[WithPost] - times[WithCmdlets];
                foreach ((string name, double time) in times)
                {
                    results.Add(name, time);
                }
            }
        }

        SinkCounts arrived = await sink.CountAsync() - before;
        if (arrived.Events != 2 * rounds) // the cmdlet that only posts sends one, too
        {
            throw new BenchException($"The first calls delivered {arrived.Events} metrics instead of {2 * rounds}.");
        }
    }

    public static async Task RunImportsAsync(PowerShell powerShell, int runs, Results results)
    {
        string empty = EmptyModule();
        for (int run = 0; run <= runs; run++)
        {
            JsonElement module = await RunAsync(powerShell, Workplace.ModuleManifest);
            JsonElement nothing = await RunAsync(powerShell, empty);
            if (run > 0)
            {
                Add(Import, ImportAgain, module);
                Add(ImportEmpty, ImportEmptyAgain, nothing);
            }
        }

        void Add(string first, string again, JsonElement json)
        {
            results.Add(first, Sample.From(json, arrived: null));
            results.Add(again, Results.Median(json.GetProperty("again").EnumerateArray().Select(time => time.GetDouble())));
        }
    }

    public static async Task RunFirstCallsAsync(PowerShell powerShell, int runs, SinkProcess sink, Results results)
    {
        for (int run = 0; run <= runs; run++)
        {
            SinkCounts before = await sink.CountAsync();
            JsonElement json = await powerShell.RunAsync(
                MeasuredProgram.ShortLimit, "Measure-FirstCall.ps1", ("Module", Workplace.ModuleManifest), ("BaseUri", sink.BaseUri));
            SinkCounts arrived = await sink.CountAsync() - before;
            if (arrived.Events != 2)
            {
                throw new BenchException($"The first and the second call delivered {arrived.Events} events instead of 2.");
            }

            if (run > 0)
            {
                results.Add(FirstCall, Sample.From(json, arrived));
                results.Add(SecondCall, json.GetProperty("second").GetDouble());
            }
        }
    }

    private static Task<JsonElement> RunAsync(PowerShell powerShell, string module) =>
        powerShell.RunAsync(MeasuredProgram.ShortLimit, "Measure-Import.ps1", ("Module", module));

    /// <summary>A module of nothing but a manifest: what Import-Module itself takes.</summary>
    private static string EmptyModule()
    {
        string manifest = Path.Combine(Workplace.Modules, "Empty", "1.0", "Empty.psd1");
        Directory.CreateDirectory(Path.GetDirectoryName(manifest)!);
        File.WriteAllText(manifest, "@{ ModuleVersion = '1.0'; GUID = '7c9a1b52-0c53-4b0e-9a75-5f7a1c1a7f10'; FunctionsToExport = @(); CmdletsToExport = @(); AliasesToExport = @() }\n");
        return manifest;
    }
}
