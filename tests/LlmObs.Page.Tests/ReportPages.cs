using System.Globalization;
using LlmObs.Evaluation.Comparison;
using LlmObs.Evaluation.Reports;
using LlmObs.Evaluation.Results;

namespace LlmObs.Page.Tests;

/// <summary>Pages for the tests, written once.</summary>
public sealed class ReportPages : IAsyncLifetime
{
    /// <summary>Texts that would do something in a page that took them for markup, script or template.</summary>
    public static readonly string[] Hostile =
    [
        "<script>window.hacked = 1</script>",
        "</script><script>window.hacked = 2</script>",
        "<!--<script>",
        "]]>--></title></style></textarea><img src=x onerror='window.hacked = 3'>",
        "\"><svg onload=window.hacked=4>",
        "' onmouseover='window.hacked = 5",
        "javascript:window.hacked=6",
        "{{ title }}{% rows %}{% raw %}",
        "safe\u202Egnp.exe\u2066\u200F",
        "line\u2028and\u2029paragraph\u0000\u0007\u001b[31m",
        "&lt;b&gt;&amp;amp;&#60;",
        "__proto__",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("llmobs-pages-").FullName;

    public string Run => PathOf("run.html");

    public string Comparison => PathOf("comparison.html");

    public string HostileRun => PathOf("hostile.html");

    public string LargeRun => PathOf("large.html");

    public string EmptyRun => PathOf("empty.html");

    public string Overview => PathOf("overview.html");

    public async Task InitializeAsync()
    {
        ResultList baseline = Sample("v1", 0, 60);
        ResultList candidate = Sample("v2", 1, 60);
        await WriteAsync(Run, RunReport.Of(candidate, "v2"));
        ComparisonResult compared = RunComparison.Compare(
            new ComparedResults(baseline, "v1", value => value), new ComparedResults(candidate, "v2", value => value), new());
        await WriteAsync(Comparison, RunReport.OfComparison(candidate, "v2", baseline, "v1", compared));
        await WriteAsync(LargeRun, RunReport.Of(Sample("large", 1, 10_000), "large"));
        await WriteAsync(EmptyRun, RunReport.Of(Sample("empty", 1, 0), "empty"));
        await using (FileStream overview = File.Create(Overview))
        {
            OverviewExperiment[] listed = [.. Hostile.Select((text, i) => new OverviewExperiment(text, text, DateTimeOffset.UnixEpoch.AddDays(i))
            {
                Description = text,
                Status = i % 2 == 0 ? ExperimentStatus.Completed : ExperimentStatus.Failed,
                Dataset = text,
                SpanCount = 12_345,
            })];
            await OverviewPage.WriteAsync([new("support-bot", listed), new(string.Concat(Hostile), [])], "One of them is gone. <b>", overview);
        }

        ResultList hostile = HostileRows();
        ComparisonResult hostileCompared = RunComparison.Compare(
            new ComparedResults(hostile, "a", value => value), new ComparedResults(hostile, "b", value => value), new());
        await WriteAsync(HostileRun, RunReport.OfComparison(hostile, "<b>b</b>", hostile, "</script>a", hostileCompared));
    }

    public Task DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>Rows that differ from one version to the next: the last word of the output, and the score.</summary>
    public static ResultList Sample(string name, int version, int count)
    {
        ResultRow[] rows = [.. Enumerable.Range(0, count).Select(i => new ResultRow
        {
            RecordId = string.Create(CultureInfo.InvariantCulture, $"rec-{i:00000}"),
            SpanId = $"{i + 1}",
            DurationNs = (100 + (i * 7 % 900)) * 1_000_000L,
            Input = RawJson.Of($$"""{"question":"What does plan {{i}} cost?","id":12345678901234567890}"""),
            ExpectedOutput = RawJson.OfText($"Plan {i} costs {i} euros a month."),
            Output = i % 20 == 19 ? default : RawJson.OfText($"Plan {i} costs {i} {(version == 1 && i % 2 == 0 ? "dollars" : "euros")} a month."),
            Status = i % 20 == 19 ? SpanStatus.Error : SpanStatus.Ok,
            Error = i % 20 == 19 ? new("The model did not answer.", "System.TimeoutException", "at Task, task.ps1: line 3") : null,
            InputTokenCount = 100,
            OutputTokenCount = 20,
            CostUsd = 0.001m,
            Evaluations = i % 20 == 19 ? [] :
            [
                new() { Label = "faithfulness", MetricType = MetricType.Score, Value = RawJson.Of(Score(i, version)), Assessment = Score(i, version) < 0.5 ? MetricAssessment.Fail : MetricAssessment.Pass, Reasoning = $"Because of {i}." },
                new() { Label = "exact", MetricType = MetricType.Boolean, Value = RawJson.Of(i % 3 == 0) },
                new() { Label = "tone", MetricType = MetricType.Categorical, Value = RawJson.OfText(i % 4 == version ? "friendly" : "neutral") },
            ],
        })];
        ResultHeader header = new()
        {
            ExperimentId = $"experiment-{name}",
            Name = $"faq-bot {name}",
            ProjectName = "support-bot",
            DatasetName = "faq",
            DatasetVersion = 3,
            Config = RawJson.Of("""{"model":"any"}"""),
            Metadata = RawJson.Of("""{"commit":"3f1c0de"}"""),
            Url = "https://app.example.invalid/experiments/1",
        };
        return new ResultList(header, rows, [new() { Evaluations = [new() { Label = "f1", MetricType = MetricType.Score, Value = RawJson.Of(0.5) }] }], new() { Status = ExperimentStatus.Completed });
    }

    private static double Score(int i, int version) => Math.Round(((i * 37 % 100) / 100.0 * 0.8) + (version == 1 ? i % 7 == 0 ? -0.05 : i % 5 == 0 ? 0 : 0.1 : 0), 3);

    private static ResultList HostileRows()
    {
        ResultRow[] rows = [.. Hostile.Select((text, i) => new ResultRow
        {
            RecordId = $"{text}{i}",
            SpanId = text,
            Input = RawJson.Of($"{{{RawJson.OfText(text)}:\r\n{RawJson.OfText(text)}}}"),
            ExpectedOutput = RawJson.OfText(text + "!"),
            Output = RawJson.OfText(text),
            Metadata = RawJson.Of($"{{\"__proto__\":{RawJson.OfText(text)}}}"),
            Tags = [text],
            Status = i % 2 == 0 ? SpanStatus.Ok : SpanStatus.Error,
            Error = i % 2 == 0 ? null : new(text, text, text),
            Evaluations =
            [
                new() { Label = text, MetricType = MetricType.Categorical, Value = RawJson.OfText(text), Reasoning = text },
                new() { Label = "failed" + text, Error = new(text, text, text) },
            ],
        })];
        string all = string.Concat(Hostile);
        return new ResultList(
            new() { ExperimentId = all, Name = all, ProjectName = all, DatasetName = all, Description = all, Config = RawJson.Of($"{{\"prompt\":{RawJson.OfText(all)}}}"), Url = "javascript:window.hacked=7" },
            rows,
            [new() { Evaluations = [new() { Label = all, MetricType = MetricType.Categorical, Value = RawJson.OfText(all), Reasoning = all }] }],
            new() { Status = ExperimentStatus.Failed, Error = all });
    }

    private string PathOf(string name) => Path.Combine(_folder, name);

    private static async Task WriteAsync(string file, RunReport report)
    {
        await using FileStream stream = File.Create(file);
        await HtmlReport.WriteAsync(report, stream);
    }
}

[CollectionDefinition(Name)]
public sealed class PageTests : ICollectionFixture<Browser>, ICollectionFixture<ReportPages>
{
    public const string Name = "pages";
}
