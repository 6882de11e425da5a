using LlmObs.Evaluation.Comparison;
using MathNet.Numerics.Distributions;

namespace LlmObs.Evaluation.Tests.Comparison;

public class RunComparisonTests
{
    private static readonly ComparisonOptions Default = new();

    [Fact]
    public void A_score_that_rises_everywhere_is_improved_and_its_figures_are_over_the_pairs()
    {
        TestRun baseline = new([.. Enumerable.Range(0, 40).Select(i => Row(i, Score("f", 0.5 + (i % 5 * 0.01))))]);
        TestRun candidate = new([.. Enumerable.Range(0, 40).Select(i => Row(i, Score("f", 0.6 + (i % 7 * 0.01))))]);
        MetricComparison metric = Assert.Single(RunComparison.Compare(baseline, candidate, Default).Metrics);
        Assert.Equal(ComparisonVerdict.Improved, metric.Verdict);
        Assert.Equal((40, 40, 0, 0), (metric.PairCount, metric.ImprovedCount, metric.RegressedCount, metric.TieCount));
        Assert.Equal(0.52, metric.Baseline!.Value, 9);
        Assert.Equal(metric.Candidate!.Value - metric.Baseline.Value, metric.Delta!.Value, 12);
        Assert.InRange(metric.Delta.Value, metric.DeltaLow!.Value, metric.DeltaHigh!.Value);
        Assert.Equal("PairedT", metric.Test);
        Assert.Equal(40, metric.Changes.Count);
    }

    [Fact]
    public void Booleans_are_tested_by_McNemar_and_the_worst_change_comes_first()
    {
        TestRun baseline = new([.. Enumerable.Range(0, 100).Select(i => Row(i, Boolean("exact", i < 72)))]);
        TestRun candidate = new([.. Enumerable.Range(0, 100).Select(i => Row(i, Boolean("exact", i is >= 20 and < 90)))]);
        MetricComparison metric = Assert.Single(RunComparison.Compare(baseline, candidate, Default).Metrics);
        Assert.Equal(("McNemar", 18, 20, 62), (metric.Test, metric.ImprovedCount, metric.RegressedCount, metric.TieCount));
        Assert.Equal(0.8714, metric.PValue!.Value, 3);
        Assert.Null(metric.WilcoxonPValue);
        Assert.Equal(ComparisonVerdict.Inconclusive, metric.Verdict);
        ValueChange worst = metric.Changes[0];
        Assert.Equal(("r0", false, -1.0), (worst.Key, worst.IsImproved!.Value, worst.Delta!.Value));
        Assert.Equal(("in 0", "out 0", "out 0"), ((string)worst.Input!, (string)worst.BaselineOutput!, (string)worst.CandidateOutput!));
    }

    [Fact]
    public void Repeats_of_a_record_count_once()
    {
        TestRun baseline = new([.. Repeat(12, 4, (record, run) => Boolean("ok", run % 2 == 0))]);
        TestRun candidate = new([.. Repeat(12, 4, (record, run) => Boolean("ok", true))]);
        MetricComparison metric = Assert.Single(RunComparison.Compare(baseline, candidate, Default).Metrics);
        Assert.Equal((12, 0.5, 1.0, "PairedT"), (metric.PairCount, metric.Baseline, metric.Candidate, metric.Test));
    }

    [Fact]
    public void The_order_of_adding_repeats_is_no_difference()
    {
        double[] values = [0.1, 0.7, 0.2];
        TestRun baseline = new([.. Repeat(12, 3, (_, run) => Score("f", values[run - 1]))]);
        TestRun candidate = new([.. Repeat(12, 3, (_, run) => Score("f", values[3 - run]))]);
        Assert.Equal(ComparisonVerdict.Unchanged, Assert.Single(RunComparison.Compare(baseline, candidate, Default).Metrics).Verdict);
    }

    [Fact]
    public void Rows_without_a_partner_a_score_or_a_finite_number_are_counted()
    {
        TestRun baseline = new([Row(1, Score("f", 0.1)), Row(2, Score("f", double.NaN)), Row(3), Row(4, Score("f", 0.4)), Row(5, Score("f", 0.5))]);
        TestRun candidate = new([Row(1, Score("f", 0.2)), Row(2, Score("f", 0.2)), Row(3, Score("f", 0.3)), Row(4), Row(6, Score("f", 0.6))]);
        ComparisonResult result = RunComparison.Compare(baseline, candidate, Default);
        MetricComparison metric = Assert.Single(result.Metrics);
        Assert.Equal((1, 2, 3), (metric.PairCount, metric.UnpairedBaselineCount, metric.UnpairedCandidateCount));
        Assert.Equal(ComparisonVerdict.TooFewPairs, metric.Verdict);
        Assert.Null(metric.PValue);
        Assert.Equal((4, 1, 1), (result.PairCount, result.UnpairedBaselineCount, result.UnpairedCandidateCount));
        Assert.Contains("1 of 5 records of the baseline are not in the candidate.", result.Notes);
    }

    [Fact]
    public void A_metric_that_one_run_lacks_is_there_without_pairs()
    {
        TestRun baseline = new([.. Enumerable.Range(0, 20).Select(i => Row(i, Score("f", 0.1)))]);
        TestRun candidate = new([.. Enumerable.Range(0, 20).Select(i => Row(i))]);
        MetricComparison metric = Assert.Single(RunComparison.Compare(baseline, candidate, Default).Metrics);
        Assert.Equal((0, 20, ComparisonVerdict.TooFewPairs), (metric.PairCount, metric.UnpairedBaselineCount, metric.Verdict));
        Assert.Null(metric.Delta);
        Assert.Empty(metric.Changes);
    }

    [Fact]
    public void A_later_row_of_the_same_record_and_iteration_replaces_the_earlier_one()
    {
        TestRun baseline = new([.. Enumerable.Range(0, 20).Select(i => Row(i, Score("f", 0.1), Boolean("b", true))), Row(3, Score("f", 0.9))]);
        TestRun candidate = new([.. Enumerable.Range(0, 20).Select(i => Row(i, Score("f", 0.1), Boolean("b", true)))]);
        ComparisonResult result = RunComparison.Compare(baseline, candidate, Default);
        Assert.Equal(1, result.DoubleCount);
        MetricComparison score = result.Metrics.Single(metric => metric.Label == "f");
        Assert.Equal((20, 1), (score.PairCount, score.RegressedCount));
        Assert.Equal(1, result.Metrics.Single(metric => metric.Label == "b").UnpairedCandidateCount);
    }

    [Fact]
    public void Runs_on_copies_of_a_dataset_are_paired_by_equal_inputs()
    {
        TestRun baseline = new([.. Enumerable.Range(0, 20).Select(i => Row(i, Score("f", 0.1)))]);
        TestRun candidate = new([.. Enumerable.Range(0, 20).Select(i => Row(i, Score("f", 0.2)) with { RecordId = $"other{i}" })]);
        ComparisonResult result = RunComparison.Compare(baseline, candidate, Default);
        Assert.True(result.IsPairedByInput);
        Assert.Equal(20, result.PairCount);
        Assert.Contains(result.Notes, note => note.Contains("equal input", StringComparison.Ordinal));
    }

    [Fact]
    public void Categories_are_flips_without_a_p_value_and_assessments_are_tested()
    {
        TestRun baseline = new([.. Enumerable.Range(0, 30).Select(i => Row(i, Category("tone", i < 20 ? "warm" : "cold"), Category("safe", "a", true)))]);
        TestRun candidate = new([.. Enumerable.Range(0, 30).Select(i => Row(i, Category("tone", i < 12 ? "warm" : "cold"), Category("safe", "a", i >= 10)))]);
        ComparisonResult result = RunComparison.Compare(baseline, candidate, Default);
        MetricComparison safe = result.Metrics.Single(metric => metric.Label == "safe");
        Assert.Equal(("McNemar", "boolean", ComparisonVerdict.Degraded, 10), (safe.Test, safe.MetricType, safe.Verdict, safe.RegressedCount));
        MetricComparison tone = result.Metrics.Single(metric => metric.Label == "tone");
        Assert.Equal(("categorical", (double?)null, 8, 22), (tone.MetricType, tone.PValue, tone.ChangedCount, tone.TieCount));
        Assert.Equal(new CategoryFlip("warm", "cold", 8), Assert.Single(tone.Flips));
        Assert.Equal(ComparisonVerdict.Inconclusive, tone.Verdict);
        Assert.Equal(8, tone.Changes.Count);
    }

    [Fact]
    public void Lower_is_better_for_the_runs_own_figures_and_for_the_labels_named()
    {
        TestRun baseline = new([.. Enumerable.Range(0, 30).Select(i => Row(i, Score("duration", 1 + (i % 3 * 0.1)), Score("toxicity", 0.1 + (i % 4 * 0.01))))]);
        TestRun candidate = new([.. Enumerable.Range(0, 30).Select(i => Row(i, Score("duration", 2 + (i % 4 * 0.1)), Score("toxicity", 0.05 + (i % 3 * 0.001))))]);
        ComparisonResult result = RunComparison.Compare(baseline, candidate, Default with { LowerIsBetter = ["Toxicity"] });
        Assert.Equal(["toxicity", "duration"], result.Metrics.Select(metric => metric.Label));
        Assert.Equal([ComparisonVerdict.Improved, ComparisonVerdict.Degraded], result.Metrics.Select(metric => metric.Verdict));
        Assert.Equal("r", result.Metrics[1].Changes[0].Key[..1]);
        Assert.True(result.Metrics[1].Changes[0].Delta >= result.Metrics[1].Changes[^1].Delta);
    }

    [Fact]
    public void The_verdict_goes_by_the_p_value_that_is_adjusted_for_the_number_of_metrics()
    {
        // McNemar of 0 and 6: p = 0.03125 alone, 0.0625 together with a second one like it.
        ComparedRow[] Rows(Func<int, bool> value, params string[] labels) =>
            [.. Enumerable.Range(0, 20).Select(i => Row(i, [.. labels.Select(label => Boolean(label, value(i)))]))];
        MetricComparison alone = Assert.Single(
            RunComparison.Compare(new TestRun(Rows(_ => false, "a")), new TestRun(Rows(i => i < 6, "a")), Default).Metrics);
        AssertNear(0.03125, alone.PValue);
        AssertNear(0.03125, alone.AdjustedPValue);
        Assert.Equal(ComparisonVerdict.Improved, alone.Verdict);
        MetricComparison beside = RunComparison.Compare(
            new TestRun(Rows(_ => false, "a", "b")), new TestRun(Rows(i => i < 6, "a", "b")), Default).Metrics[0];
        AssertNear(0.03125, beside.PValue);
        AssertNear(0.0625, beside.AdjustedPValue);
        Assert.Equal(ComparisonVerdict.Inconclusive, beside.Verdict);
    }

    [Fact]
    public void Swapping_the_runs_mirrors_differences_and_verdicts_and_keeps_p()
    {
        Random random = new(11);
        for (int trial = 0; trial < 30; trial++)
        {
            (TestRun left, TestRun right) = (RandomRun(random, 60, 0.05 * trial / 10), RandomRun(random, 60, 0));
            IReadOnlyList<MetricComparison> there = RunComparison.Compare(left, right, Default).Metrics;
            IReadOnlyList<MetricComparison> back = RunComparison.Compare(right, left, Default).Metrics;
            for (int i = 0; i < there.Count; i++)
            {
                (MetricComparison a, MetricComparison b) = (there[i], back[i]);
                Assert.Equal(a.Label, b.Label);
                AssertNear(a.PValue, b.PValue);
                AssertNear(a.AdjustedPValue, b.AdjustedPValue);
                AssertNear(a.WilcoxonPValue, b.WilcoxonPValue);
                AssertNear(a.Delta, -b.Delta);
                AssertNear(a.DeltaLow, -b.DeltaHigh);
                AssertNear(a.DetectableDelta, b.DetectableDelta);
                Assert.Equal((a.PairCount, a.ImprovedCount, a.RegressedCount, a.ChangedCount), (b.PairCount, b.RegressedCount, b.ImprovedCount, b.ChangedCount));
                Assert.Equal((a.UnpairedBaselineCount, a.UnpairedCandidateCount), (b.UnpairedCandidateCount, b.UnpairedBaselineCount));
                Assert.Equal(Mirror(a.Verdict), b.Verdict);
            }
        }
    }

    [Fact]
    public void The_order_of_rows_does_not_matter()
    {
        Random random = new(12);
        for (int trial = 0; trial < 20; trial++)
        {
            (TestRun left, TestRun right) = (RandomRun(random, 50, 0), RandomRun(random, 50, 0.1));
            IReadOnlyList<MetricComparison> ordered = RunComparison.Compare(left, right, Default).Metrics;
            ComparedRow[] shuffledRows = [.. right.Rows];
            random.Shuffle(shuffledRows);
            IReadOnlyList<MetricComparison> shuffled = RunComparison.Compare(left, new TestRun(shuffledRows), Default).Metrics;
            for (int i = 0; i < ordered.Count; i++)
            {
                Assert.Equal(ordered[i] with { Changes = [], Flips = [] }, shuffled[i] with { Changes = [], Flips = [] });
                Assert.Equal(ordered[i].Flips, shuffled[i].Flips);
                Assert.Equal(ordered[i].Changes.Select(change => change.Key), shuffled[i].Changes.Select(change => change.Key));
            }
        }
    }

    [Fact]
    public void Without_a_difference_at_most_one_in_twenty_is_called_improved_or_degraded()
    {
        Random random = new(2026);
        const int Trials = 1000;
        Dictionary<string, int> calls = new() { ["score"] = 0, ["yes"] = 0, ["repeated"] = 0 };
        for (int trial = 0; trial < Trials; trial++)
        {
            double[] levels = [.. Enumerable.Range(0, 60).Select(_ => random.NextDouble())];
            foreach (string label in calls.Keys)
            {
                // One metric at a time: adjusting for several would hide a test that is wrong.
                TestRun Draw() => new([.. Enumerable.Range(0, levels.Length).SelectMany(i => Enumerable.Range(1, label == "repeated" ? 3 : 1).Select(run =>
                    Row(i, label == "score" ? Score(label, levels[i] + Normal.Sample(random, 0, 0.2)) : Boolean(label, random.NextDouble() < levels[i]))
                        with { RunIteration = run }))]);
                ComparisonVerdict verdict = Assert.Single(
                    RunComparison.Compare(Draw(), Draw(), Default with { ResampleCount = 250 }).Metrics).Verdict;
                calls[label] += verdict is ComparisonVerdict.Improved or ComparisonVerdict.Degraded ? 1 : 0;
            }
        }

        // 50 of 1,000 with a deviation of 6.9; three of them.
        Assert.All(calls, pair => Assert.InRange(pair.Value, pair.Key == "yes" ? 0 : 20, 71));
    }

    private static ComparisonVerdict Mirror(ComparisonVerdict verdict) => verdict switch
    {
        ComparisonVerdict.Improved => ComparisonVerdict.Degraded,
        ComparisonVerdict.Degraded => ComparisonVerdict.Improved,
        _ => verdict,
    };

    private static void AssertNear(double? expected, double? actual)
    {
        Assert.Equal(expected is null, actual is null);
        if (expected is double value)
        {
            Assert.Equal(value, actual!.Value, 10);
        }
    }

    private static TestRun RandomRun(Random random, int records, double gain) =>
        new([.. Enumerable.Range(0, records).Where(_ => random.Next(10) > 0).Select(i => Row(
            i,
            [
                .. random.Next(8) > 0 ? [Score("score", Math.Round(random.NextDouble() + gain, 1))] : Array.Empty<ComparedValue>(),
                Boolean("yes", random.NextDouble() < 0.6 + gain),
                Category("word", ((char)('a' + random.Next(3))).ToString()),
                Category("safe", "x", random.Next(3) > 0),
            ]))]);

    private static IEnumerable<ComparedRow> Repeat(int records, int runs, Func<int, int, ComparedValue> value) =>
        Enumerable.Range(0, records).SelectMany(i => Enumerable.Range(1, runs).Select(run => Row(i, value(i, run)) with { RunIteration = run }));

    private static ComparedRow Row(int record, params ComparedValue[] values) =>
        new() { Position = record, RecordId = $"r{record}", InputKey = $"\"in {record}\"", Values = values };

    private static ComparedValue Score(string label, double value) => new(label, MetricType.Score, value, null, null);

    private static ComparedValue Boolean(string label, bool value) => new(label, MetricType.Boolean, value ? 1 : 0, null, null);

    private static ComparedValue Category(string label, string value, bool? passed = null) => new(label, MetricType.Categorical, null, value, passed);

    private sealed class TestRun(ComparedRow[] rows) : IComparedRun
    {
        public ComparedRow[] Rows => rows;

        public string Name => "test";

        public string? DatasetId => null;

        public long? DatasetVersion => null;

        public IEnumerable<ComparedRow> ReadRows(bool withInputs) => rows;

        public (object? Input, object? Output) ReadContent(long position) => ($"in {position}", $"out {position}");
    }
}
