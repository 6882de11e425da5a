using LlmObs.Bench;
using LlmObs.Bench.Data;
using LlmObs.Bench.Measuring;
using LlmObs.Bench.Reporting;
using LlmObs.Bench.Running;
using LlmObs.Bench.Ways;

try
{
    BenchOptions options = BenchOptions.Parse(args);
    string load = Machine.Load();

    Say("building the module (Release)");
    await ModuleBuild.RunAsync();
    PowerShell powerShell = await PowerShell.FindAsync();
    Say("preparing the TypeScript client");
    NodeClient node = await NodeClient.PrepareAsync();

    Say("making the data");
    var data = new DataFiles(Workplace.Data);
    IReadOnlyList<Way> ways = new WayList(options, data, powerShell, node).All();
    Way path = ways.Single(way => way.Name == WayNames.PathCsv);
    Way plain = ways.Single(way => way.Name == WayNames.PlainCSharp);
    IReadOnlyList<Way> timed = [.. ways.Where(way => options.Wants(way.Name))];

    var results = new Results();
    await using (SinkProcess sink = await SinkProcess.StartAsync())
    {
        await ContentCheck.RunAsync(timed);
        await Rounds.RunAsync(timed, options.Runs, sink, results);
        if (options.Wants(PostingRuns.Name))
        {
            await PostingRuns.RunAsync(powerShell, path, plain, options.Runs, sink, results);
        }

        if (options.Wants(SessionRuns.Name))
        {
            await SessionRuns.RunAsync(powerShell, path, sink, results);
        }

        if (options.Wants(SessionRuns.Explain))
        {
            await SessionRuns.RunCmdletsAsync(powerShell, path, sink, results);
        }

        if (options.Wants("startup"))
        {
            Say("starting PowerShell");
            await StartupRuns.RunProcessesAsync(powerShell, options.Runs, sink, results);
        }

        if (options.Wants("import"))
        {
            Say("importing the module");
            await StartupRuns.RunImportsAsync(powerShell, options.Runs, results);
        }

        if (options.Wants("first-call"))
        {
            Say("calling for the first time");
            await StartupRuns.RunFirstCallsAsync(powerShell, options.Runs, sink, results);
        }

        if (options.Wants("memory"))
        {
            await MemoryRuns.RunAsync(options, ways, data, sink, results);
        }

        if (options.Files > 0)
        {
            Say("making compressed files");
            await FileRuns.RunAsync(options, path, data, sink, results);
        }
    }

    if (options.Against is string revision)
    {
        Say($"building the module of {revision}, and measuring it in turns with the present one");
        await using SinkProcess sink = await SinkProcess.StartAsync();
        try
        {
            results.Change = await ChangeRuns.RunAsync(revision, options, path, plain, data, powerShell, sink);
        }
        catch (BenchException e)
        {
            // The rest of the figures took a quarter of an hour.
            Say($"{revision} can't be compared: {e.Message}");
        }
    }

    if (options.Wants(RecordRuns.Name))
    {
        await RecordRuns.RunAsync(options, data, powerShell, results);
    }

    if (options.Wants(OldMetricRuns.Name))
    {
        await OldMetricRuns.RunAsync(options, data, powerShell, results);
    }

    if (options.Wants("emulator"))
    {
        Say("filling the emulator");
        results.Emulator = await EmulatorRuns.RunAsync(options, data, powerShell);
    }

    string page = new Report(options, ways, results, node, Machine.Describe(powerShell, node, load)).ToMarkdown();
    Console.WriteLine(page);
    string? output = options.Output ?? (options.IsWhole ? Workplace.Results : null);
    if (output is not null)
    {
        await File.WriteAllTextAsync(output, page + await WrittenByOthersAsync(output));
    }

    return 0;
}
catch (BenchException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

// The results of other commands of bench/ are after their own marks, and stay.
static async Task<string> WrittenByOthersAsync(string file)
{
    string before = File.Exists(file) ? await File.ReadAllTextAsync(file) : string.Empty;
    int mark = before.IndexOf("\n<!--", StringComparison.Ordinal);
    return mark < 0 ? string.Empty : before[mark..];
}

static void Say(string text) => Console.Error.WriteLine(text);
