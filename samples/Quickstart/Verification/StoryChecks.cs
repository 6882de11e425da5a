using System.Text.Json;
using LlmObs.Emulator.Catalog;
using LlmObs.Emulator.Experiments;
using LlmObs.Emulator.Store;
using LlmObs.Quickstart.Running;

namespace LlmObs.Quickstart.Verification;

/// <summary>Compares the dataset and the second experiment of a run with the emulator's data.</summary>
internal sealed class StoryChecks(EmulatorStore store, SampleData data, RunResult result, Action<bool, string, string> check)
{
    private const double Tolerance = 1e-12;

    public void Run()
    {
        CheckDataset();
        CheckRecords();
        CheckExperiments();
        CheckCandidate();
        CheckBotRuns();
        CheckReport();
    }

    private void CheckReport()
    {
        string page = File.Exists(result.Report) ? File.ReadAllText(result.Report) : string.Empty;
        int rows = page.Split("\"record_id\"").Length - 1;
        check(
            page.StartsWith("<!DOCTYPE html>", StringComparison.Ordinal) && rows == 2 * data.Questions.Count,
            "the report has each question with both answers",
            $"it has {rows} answers");
    }

    private void CheckDataset()
    {
        StoredDataset? dataset = store.Datasets.FirstOrDefault(one => one.Id == result.Dataset.Id);
        check(
            dataset is { Name: "support questions", CurrentVersion: 1 } && dataset.ProjectId == result.Dataset.ProjectId
                && store.Projects.Any(project => project.Id == dataset.ProjectId && project.Name == "support-bot"),
            "a dataset was made in the project support-bot, and is at version 1",
            $"it is {dataset}");
    }

    private void CheckRecords()
    {
        IReadOnlyList<StoredRecord> records = store.Records(result.Dataset.Id);
        int same = records.Zip(data.Questions).Count(pair => Text(pair.First.Input) == pair.Second.Question
            && Text(pair.First.ExpectedOutput) == pair.Second.Truth
            && pair.First.Metadata is { } metadata
            && Text(metadata.GetProperty("id")) == pair.Second.Id
            && Text(metadata.GetProperty("category")) == pair.Second.Category);
        check(
            same == data.Questions.Count && records.Count == same && result.Dataset.RecordCount == same,
            $"{records.Count} records of it are exact, with their expected outputs and metadata",
            $"{same} of {data.Questions.Count} are, and {result.Dataset.RecordCount} were reported");
    }

    private void CheckExperiments()
    {
        StoredExperiment?[] experiments = [store.FindExperiment(result.ExperimentId), store.FindExperiment(result.Candidate.ExperimentId)];
        check(
            experiments.All(one => one is { DatasetVersion: 1 } && one.DatasetId == result.Dataset.Id && one.ProjectId == result.Dataset.ProjectId),
            "both experiments are on version 1 of that dataset",
            string.Join(", ", experiments.Select(one => $"{one?.DatasetId} {one?.DatasetVersion}")));
        check(
            experiments[1]?.ParentExperimentId == result.ExperimentId && experiments[1]?.Status == ExperimentStatus.Completed,
            "the second has the first as its parent, and is completed",
            $"its parent is {experiments[1]?.ParentExperimentId}, its status {experiments[1]?.Status}");
    }

    private void CheckCandidate()
    {
        var stored = new StoredEvents(store, result.Candidate.ExperimentId);
        int scores = data.Questions.Sum(question => question.ScoreCount);
        check(
            stored.Spans.Count == data.Questions.Count && result.Candidate.SpanCount == stored.Spans.Count
                && stored.Metrics.Count == scores && result.Candidate.MetricCount == scores,
            $"it has {stored.Spans.Count} spans and {stored.Metrics.Count} metrics, as the table has rows and scores",
            $"{data.Questions.Count} and {scores} expected");
        check(
            stored.Spans.All(span => span.GetProperty("dataset_id").GetString() == result.Dataset.Id),
            "its spans name the dataset",
            "not all do");
        check(
            Math.Abs(result.Candidate.Faithfulness - data.TableFaithfulness) <= Tolerance,
            "the average that it is compared by equals that of the table",
            FormattableString.Invariant($"it is {result.Candidate.Faithfulness}, and {data.TableFaithfulness} was expected"));
    }

    private void CheckBotRuns()
    {
        HashSet<string> records = [.. store.Records(result.Dataset.Id).Select(record => "dataset_record_id:" + record.Id)];
        StoredEvents[] stored = [.. result.BotRuns.Select(run => new StoredEvents(store, run.ExperimentId))];
        check(
            stored is [_, _] && stored.All(run => run.Spans.Count == records.Count && run.Spans.Select(RecordTag).ToHashSet().SetEquals(records)),
            $"the bot was run twice, and each of its {stored.Sum(run => run.Spans.Count)} spans is tied to its record",
            string.Join(", ", stored.Select(run => run.Spans.Count)));
        double[] rates = [.. stored.Select(run => run.Metrics.Where(IsMatch).Average(metric => metric.GetProperty("boolean_value").GetBoolean() ? 1.0 : 0))];
        check(
            rates.Zip(result.BotRuns).All(pair => Math.Abs(pair.First - pair.Second.Right) <= Tolerance)
                && Math.Abs(rates[1] - rates[0] - result.Delta) <= Tolerance,
            FormattableString.Invariant($"{rates[0]:P0} and {rates[1]:P0} of its answers are right, as printed and as compared"),
            string.Join(", ", result.BotRuns.Select(run => run.Right)));
    }

    private static string? RecordTag(JsonElement span) => span.GetProperty("tags").EnumerateArray()
        .Select(tag => tag.GetString()).FirstOrDefault(tag => tag!.StartsWith("dataset_record_id:", StringComparison.Ordinal));

    private static bool IsMatch(JsonElement metric) => metric.GetProperty("label").GetString() == "exact_match";

    private static string? Text(JsonElement? value) => value is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
}
