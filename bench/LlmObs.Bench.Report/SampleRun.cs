using System.Globalization;
using LlmObs.Evaluation.Results;

namespace LlmObs.Bench.Report;

/// <summary>A result file as a run of an FAQ bot would leave it, the same on every machine.</summary>
internal static class SampleRun
{
    private const string Article =
        "Open the settings of the workspace and choose the plan. Every plan can be changed at the end of a month; what was paid for already is counted. "
        + "“Team” includes single sign-on — für alle Mitglieder, 追加料金なし. Ask the help desk if the page shows something else.\nIt answers within a day.";

    public static string Write(string path, int count, int version)
    {
        using ResultFileWriter writer = ResultFileWriter.Create(path, new() { ExperimentId = $"experiment-{version}", Name = $"faq-bot {version}", DatasetName = "faq", DatasetVersion = 1 });
        for (int i = 0; i < count; i++)
        {
            double score = Math.Round((i * 37 % 100 / 100.0 * 0.8) + (version * 0.05), 3);
            writer.Write(new ResultRow
            {
                RecordId = string.Create(CultureInfo.InvariantCulture, $"rec-{i:0000000}"),
                SpanId = $"{i + 1}",
                DurationNs = (100 + (i * 7 % 900)) * 1_000_000L,
                Input = RawJson.Of($$"""{"question":"What does plan {{i}} cost, and who may change it?","id":{{i}}}"""),
                ExpectedOutput = RawJson.OfText($"Plan {i} costs {i} euros a month. {Article}"),
                Output = RawJson.OfText($"Plan {i} costs {i} {(version == 1 && i % 2 == 0 ? "dollars" : "euros")} a month. {Article}"),
                InputTokenCount = 100,
                OutputTokenCount = 20,
                CostUsd = 0.001m,
                Evaluations =
                [
                    new() { Label = "faithfulness", MetricType = MetricType.Score, Value = RawJson.Of(score), Assessment = score < 0.5 ? MetricAssessment.Fail : MetricAssessment.Pass, Reasoning = $"Article {i} says so." },
                    new() { Label = "exact", MetricType = MetricType.Boolean, Value = RawJson.Of(i % 3 == 0) },
                    new() { Label = "tone", MetricType = MetricType.Categorical, Value = RawJson.OfText(i % 4 == version ? "friendly" : "neutral") },
                ],
            });
        }

        writer.Write(new ResultEnd { Status = ExperimentStatus.Completed });
        return path;
    }
}
