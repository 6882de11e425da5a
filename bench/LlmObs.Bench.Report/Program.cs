using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using LlmObs.Bench.Report;
using LlmObs.Evaluation.Comparison;
using LlmObs.Evaluation.Reports;
using LlmObs.Evaluation.Results;
using LlmObs.Page.Tests;
using LlmObs.Testing;

// Without words: measures everything and writes the section of bench/RESULTS.md. "write FILE [BASELINE]": one report, in this process.
if (args is ["write", string page, string run, .. string[] baselines])
{
    Console.WriteLine(JsonSerializer.Serialize(await WriteAsync(page, run, baselines)));
    return 0;
}

string load = OperatingSystem.IsLinux() ? $", load average {File.ReadAllText("/proc/loadavg").Split(' ')[0]}" : string.Empty;
bool isQuick = args.Contains("--quick");
int[] sizes = isQuick ? [1_000, 10_000] : [1_000, 10_000, 100_000];
string folder = Directory.CreateTempSubdirectory("llmobs-bench-report-").FullName;
try
{
    List<string> lines = ["| report | rows | rows' JSON | page | page less its rows | time | of it counting | peak above idle |", "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"];
    foreach (int size in sizes)
    {
        string before = SampleRun.Write(Path.Combine(folder, $"{size}-before.jsonl"), size, version: 0);
        string after = SampleRun.Write(Path.Combine(folder, $"{size}-after.jsonl"), size, version: 1);
        foreach ((string name, string[] runs) in new[] { ("a run", new[] { after }), ("a comparison", [after, before]) })
        {
            string file = Path.Combine(folder, $"{size}-{runs.Length}.html");
            var taken = new List<Written>();
            for (int round = isQuick || size > 10_000 ? 1 : 3; round > 0; round--)
            {
                taken.Add(await InProcessAsync(file, runs));
            }

            taken.Sort((one, other) => one.Seconds.CompareTo(other.Seconds));
            Written middle = taken[taken.Count / 2];
            long rows = runs.Sum(path => new FileInfo(path).Length);
            long length = new FileInfo(file).Length;
            lines.Add(Invariant($"| {name} | {size:N0} | {rows / 1e6:0.0} MB | {length / 1e6:0.0} MB | {(length - rows) / 1e6:0.00} MB | {middle.Seconds:0.00} s | {middle.CountingSeconds:0.00} s | {middle.PeakBytes / 1e6:0} MB |"));
            Console.Error.WriteLine(lines[^1]);
        }
    }

    lines.AddRange(["", "| page | first paint | rows drawn | filter, slowest of 20 | first filter | sort | open a row |", "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"]);
    if (Browser.Executable.Length == 0)
    {
        lines.Add("| there is no Chromium here | - | - | - | - | - | - |");
    }
    else
    {
        Browser browser = new();
        await browser.InitializeAsync();
        try
        {
            foreach (int size in sizes)
            {
                lines.Add(await InBrowser.MeasureAsync(browser, Path.Combine(folder, $"{size}-1.html"), Invariant($"a run of {size:N0} rows")));
                Console.Error.WriteLine(lines[^1]);
            }
        }
        finally
        {
            await browser.DisposeAsync();
        }
    }

    string section = Section(lines, load);
    Console.WriteLine(section);
    if (!isQuick)
    {
        ResultsPage.Replace(section);
    }

    return 0;
}
finally
{
    Directory.Delete(folder, recursive: true);
}

static async Task<Written> WriteAsync(string page, string run, string[] baselines)
{
    // What the runtime needs anyway is no part of the report.
    long idle = Process.GetCurrentProcess().WorkingSet64;
    long start = Stopwatch.GetTimestamp();
    ResultFile rows = ResultFile.Open(run);
    RunReport report;
    if (baselines is [string path])
    {
        ResultFile baseline = ResultFile.Open(path);
        ComparisonResult compared = RunComparison.Compare(new ComparedResults(baseline, "before", value => value.ToString()), new ComparedResults(rows, "after", value => value.ToString()), new());
        report = RunReport.OfComparison(rows, "after", baseline, "before", compared);
    }
    else
    {
        report = RunReport.Of(rows, "run");
    }

    TimeSpan counting = Stopwatch.GetElapsedTime(start);
    await using (FileStream stream = new(page, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
    {
        await HtmlReport.WriteAsync(report, stream);
    }

    TimeSpan all = Stopwatch.GetElapsedTime(start);
    return new Written(all.TotalSeconds, counting.TotalSeconds, Process.GetCurrentProcess().PeakWorkingSet64 - idle);
}

static async Task<Written> InProcessAsync(string page, string[] runs)
{
    ProcessResult result = await ChildProcess.RunAsync(Environment.ProcessPath!, ["write", page, .. runs], Environment.CurrentDirectory, TimeSpan.FromMinutes(10));
    return result.ExitCode == 0
        ? JsonSerializer.Deserialize<Written>(result.Output)!
        : throw new InvalidOperationException($"The report was not written: {result.Text}");
}

static string Section(List<string> lines, string load) => string.Join('\n',
    [
        "## Reports", string.Empty,
        Invariant($"Measured on {TimeProvider.System.GetUtcNow():yyyy-MM-dd} with `dotnet run -c Release --project bench/LlmObs.Bench.Report`: {RuntimeInformation.OSDescription}, {Environment.ProcessorCount} cores, .NET {Environment.Version}{load}."),
        "Each report is written by a process of its own, which has to compile its code first. A row has three metrics and about 1 KB.", string.Empty,
        .. lines, string.Empty,
    ]);

static string Invariant(FormattableString text) => FormattableString.Invariant(text);

internal sealed record Written(double Seconds, double CountingSeconds, long PeakBytes);
