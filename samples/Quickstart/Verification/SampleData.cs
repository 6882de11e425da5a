using System.Globalization;
using System.Text.Json;

namespace LlmObs.Quickstart.Verification;

/// <summary>A span as the sample data has it.</summary>
internal sealed record SampleSpan(string SpanId, string Name, string Status, JsonElement Input);

/// <summary>A metric as the sample data has it.</summary>
internal sealed record SampleMetric(string SpanId, string Label, decimal? Score);

/// <summary>A row of the evaluation table as the sample data has it.</summary>
internal sealed record SampleQuestion(string Id, string Question, string Truth, string Category, decimal? Faithfulness, int ScoreCount);

/// <summary>The content of the data files and the fourth step, read without the product's readers.</summary>
internal sealed class SampleData
{
    private const string HandBuiltName = "answer_question";

    public required IReadOnlyList<SampleSpan> FileSpans { get; init; }

    public required IReadOnlyList<SampleMetric> FileMetrics { get; init; }

    public required IReadOnlyList<SampleQuestion> Questions { get; init; }

    /// <summary>The events that the script's fifth step builds itself; its spans' ids are made as it runs.</summary>
    public IReadOnlyList<SampleSpan> HandBuiltSpans { get; } =
    [
        new("answered", HandBuiltName, SpanStatus.Ok, JsonSerializer.SerializeToElement("Can I use \"Mossbridge\" offline? \U0001F4F4")),
        new("unanswered", HandBuiltName, SpanStatus.Error, JsonSerializer.SerializeToElement("What does the Business plan cost?")),
    ];

    public IReadOnlyList<SampleMetric> HandBuiltMetrics { get; } =
    [
        new("answered", "faithfulness", 0.96m),
        new("answered", "answer_relevancy", 0.91m),
        new("answered", "category", null),
        new("answered", "rubric", null),
        new("unanswered", "correctness", null),
    ];

    public static SampleData Read(Repository repository) => new()
    {
        FileSpans =
        [
            .. CsvRecords.Read(repository.DataFile("spans.csv")).Select(cells =>
                new SampleSpan(cells["span_id"], cells["name"], cells["status"], JsonSerializer.SerializeToElement(cells["input"]))),
            .. Lines(repository.DataFile("spans.jsonl")).Select(line =>
                new SampleSpan(Text(line, "span_id"), Text(line, "name"), Text(line, "status"), line.GetProperty("meta").GetProperty("input"))),
        ],
        Questions =
        [
            .. CsvRecords.Read(repository.DataFile("evaluation.csv")).Select(cells => new SampleQuestion(
                cells["id"],
                cells["question"],
                cells["truth"],
                cells["category"],
                Number(cells["faithfulness"]),
                new[] { "faithfulness", "is_correct", "category" }.Count(column => cells[column].Length > 0))),
        ],
        FileMetrics =
        [
            .. CsvRecords.Read(repository.DataFile("metrics.csv")).Select(cells =>
                new SampleMetric(cells["span_id"], cells["label"], Number(cells["score_value"]))),
            .. Lines(repository.DataFile("metrics.jsonl")).Select(line =>
                new SampleMetric(Text(line, "span_id"), Text(line, "label"), line.TryGetProperty("score_value", out JsonElement score) ? score.GetDecimal() : null)),
        ],
    };

    /// <summary>The average faithfulness of the evaluation table.</summary>
    public double TableFaithfulness => (double)Questions.Where(question => question.Faithfulness is not null).Average(question => question.Faithfulness!.Value);

    /// <summary>The averages by label, and by <c>name/label</c>.</summary>
    public IReadOnlyDictionary<string, double> Averages()
    {
        Dictionary<string, string> names = FileSpans.Concat(HandBuiltSpans).ToDictionary(span => span.SpanId, span => span.Name);
        return FileMetrics.Concat(HandBuiltMetrics)
            .Where(metric => metric.Score is not null)
            .SelectMany(metric => new[] { metric.Label, $"{names[metric.SpanId]}/{metric.Label}" }, (metric, group) => (Group: group, metric.Score))
            .GroupBy(score => score.Group, score => score.Score!.Value)
            .ToDictionary(scores => scores.Key, scores => (double)scores.Average());
    }

    private static IEnumerable<JsonElement> Lines(string path) =>
        File.ReadLines(path).Where(line => line.Length > 0).Select(line => JsonSerializer.Deserialize<JsonElement>(line));

    private static string Text(JsonElement item, string name) => item.GetProperty(name).GetString()!;

    private static decimal? Number(string cell) => cell.Length == 0 ? null : decimal.Parse(cell, CultureInfo.InvariantCulture);
}
