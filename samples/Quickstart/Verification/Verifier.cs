using System.Globalization;
using System.Text.Json;
using LlmObs.Emulator.Experiments;
using LlmObs.Emulator.Store;
using LlmObs.Quickstart.Running;

namespace LlmObs.Quickstart.Verification;

/// <summary>Compares the tasks of a run with the emulator's data; one line per check.</summary>
internal sealed class Verifier(EmulatorStore store, SampleData data, IReadOnlySet<string> before, RunResult result)
{
    private const string ExpectedName = "support-bot-quickstart";
    private const int FewestSpans = 200;
    private const int FewestMetrics = 400;
    private const double Tolerance = 1e-12;

    private readonly StoredEvents _stored = new(store, result.ExperimentId);
    private int _checks;
    private int _failures;

    /// <summary>Runs all checks.</summary>
    /// <returns>The number of checks, and of failed ones.</returns>
    public (int Checks, int Failures) Run()
    {
        CheckExperiment();
        CheckCounts();
        CheckSpans();
        CheckInputs();
        CheckAverages();
        new StoryChecks(store, data, result, (passed, claim, otherwise) => Check(passed, claim, otherwise)).Run();
        return (_checks, _failures);
    }

    private void CheckExperiment()
    {
        StoredExperiment[] made = [.. store.Experiments.Where(experiment => !before.Contains(experiment.Id))];
        Check(
            made is [var first, var second, var third, var fourth] && first.LogicalName == ExpectedName && first.Id == result.ExperimentId
                && second.LogicalName == ExpectedName + "-candidate" && second.Id == result.Candidate.ExperimentId
                && third.LogicalName == ExpectedName + "-run" && fourth.LogicalName == ExpectedName + "-run",
            $"four experiments were created: {ExpectedName}, its candidate, and two runs of a bot",
            $"created were: {string.Join(", ", made.Select(experiment => experiment.Name))}");

        StoredExperiment? experiment = store.FindExperiment(result.ExperimentId);
        Check(experiment?.Status == ExperimentStatus.Completed, "its status is completed", $"it is '{experiment?.Status}'");
        Check(
            Member(experiment?.Config, "model") == "bot-large-2" && Member(experiment?.Metadata, "team") == "support",
            "its configuration and metadata are stored",
            $"they are {experiment?.Config} and {experiment?.Metadata}");
    }

    private void CheckCounts()
    {
        CheckCount("spans", _stored.Spans.Count, result.SpanCount, data.FileSpans.Count, data.HandBuiltSpans.Count);
        CheckCount("metrics", _stored.Metrics.Count, result.MetricCount, data.FileMetrics.Count, data.HandBuiltMetrics.Count);
        Check(
            _stored.Spans.Count >= FewestSpans && _stored.Metrics.Count >= FewestMetrics,
            $"that is at least {FewestSpans} spans and {FewestMetrics} metrics",
            "there are fewer");
    }

    private void CheckCount(string what, int inStore, long sent, int inFiles, int byHand) => Check(
        inStore == inFiles + byHand && sent == inStore,
        $"{inStore} {what} are stored: {inFiles} from the files, {byHand} built by hand",
        $"{sent} were sent, {inFiles + byHand} expected");

    private void CheckSpans()
    {
        HashSet<string> ids = [.. _stored.Spans.Select(StoredEvents.SpanIdOf)];
        int lost = _stored.Metrics.Count(metric => !ids.Contains(StoredEvents.SpanIdOf(metric)));
        Check(lost == 0 && ids.Count == _stored.Spans.Count, "every metric belongs to a stored span", $"{lost} do not");

        int expected = data.FileSpans.Concat(data.HandBuiltSpans).Count(span => span.Status == SpanStatus.Error);
        int failed = _stored.Spans.Count(span => span.GetProperty("status").ValueEquals(SpanStatus.Error));
        Check(failed == expected, $"{failed} spans have the status error", $"{expected} expected");
    }

    private void CheckInputs()
    {
        ILookup<string, JsonElement> spans = _stored.Spans.ToLookup(StoredEvents.SpanIdOf);
        int same = data.FileSpans.Count(span => spans[span.SpanId].Any(found => JsonElement.DeepEquals(StoredEvents.InputOf(found), span.Input)));
        string[] texts = [.. data.FileSpans.Where(span => span.Input.ValueKind == JsonValueKind.String).Select(span => span.Input.GetString()!)];
        string kinds = $"{texts.Count(text => text.Any(IsForeign))} not Latin, {texts.Count(text => text.Contains('\n'))} multi-line, {texts.Count(text => text.Contains('"'))} with quotes";
        Check(same == data.FileSpans.Count, $"{same} inputs are exact ({kinds})", $"{data.FileSpans.Count} expected");

        HashSet<string> known = [.. data.FileSpans.Select(span => span.SpanId)];
        JsonElement[] others = [.. _stored.Spans.Where(span => !known.Contains(StoredEvents.SpanIdOf(span))).Select(StoredEvents.InputOf)];
        Check(
            data.HandBuiltSpans.All(span => others.Any(input => JsonElement.DeepEquals(input, span.Input))),
            "the inputs built by hand are exact, too",
            string.Join(", ", others));
    }

    /// <summary>A letter of no Latin alphabet; accented and Vietnamese ones are Latin.</summary>
    private static bool IsForeign(char c) => char.IsLetter(c) && c is > '\u024F' and not (>= '\u1E00' and <= '\u1EFF');

    private void CheckAverages()
    {
        IReadOnlyDictionary<string, double> expected = data.Averages();
        string[] wrong =
        [
            .. expected.Keys.Union(result.Averages.Keys).Where(group =>
                !(expected.TryGetValue(group, out double right) && result.Averages.TryGetValue(group, out double shown) && Math.Abs(right - shown) <= Tolerance)),
        ];
        Check(wrong.Length == 0, $"the {expected.Count} averages equal those computed from the files", $"not so for {string.Join(", ", wrong)}");
    }

    private void Check(bool passed, string claim, FormattableString otherwise) =>
        Check(passed, claim, otherwise.ToString(CultureInfo.InvariantCulture));

    private void Check(bool passed, string claim, string otherwise)
    {
        _checks++;
        _failures += passed ? 0 : 1;
        Console.WriteLine(passed ? $"  ok      {claim}" : $"  FAILED  {claim} ({otherwise})");
    }

    private static string? Member(JsonElement? value, string name) =>
        value is { ValueKind: JsonValueKind.Object } found && found.TryGetProperty(name, out JsonElement member) && member.ValueKind == JsonValueKind.String
            ? member.GetString()
            : null;
}
