using LlmObs.Evaluation.Statistics;
using MathNet.Numerics.Distributions;

namespace LlmObs.Evaluation.Tests.Statistics;

public class StatisticsTests
{
    private const double Close = 1e-9;

    public static TheoryData<int> Indexes(string vectors) =>
        [.. Enumerable.Range(0, vectors == "mcnemar" ? StatisticsVectors.All.Mcnemar.Length : StatisticsVectors.All.Paired.Length)];

    [Theory]
    [MemberData(nameof(Indexes), "mcnemar")]
    public void McNemars_test_is_that_of_statsmodels(int index)
    {
        McNemarVector vector = StatisticsVectors.All.Mcnemar[index];
        AssertClose(vector.P, McNemarTest.PValue(vector.Improved, vector.Regressed));
    }

    [Theory]
    [MemberData(nameof(Indexes), "paired")]
    public void The_paired_t_test_is_that_of_SciPy(int index)
    {
        PairedVector vector = StatisticsVectors.All.Paired[index];
        PairedTTest test = new(vector.Differences);
        AssertClose(vector.Mean, test.Mean);
        AssertClose(vector.Deviation, test.StandardDeviation);
        AssertClose(vector.TP, test.PValue);
        AssertClose(vector.EffectSize, test.EffectSize);
        AssertClose(vector.Detectable, test.DetectableDelta(0.95));
    }

    [Theory]
    [MemberData(nameof(Indexes), "paired")]
    public void Wilcoxons_test_is_that_of_SciPy(int index)
    {
        PairedVector vector = StatisticsVectors.All.Paired[index];
        AssertClose(vector.WilcoxonP, WilcoxonSignedRankTest.PValue(vector.Differences));
    }

    [Theory]
    [MemberData(nameof(Indexes), "paired")]
    public void The_bootstrap_is_that_of_SciPy_within_the_error_of_drawing(int index)
    {
        PairedVector vector = StatisticsVectors.All.Paired[index];
        BootstrapInterval interval = BootstrapInterval.OfMean(vector.Differences, 0.95, seed: 1);
        // The error of a 2.5 % quantile of 10,000 draws is sqrt(p q / draws) / density: 0.027 standard errors; five of them.
        double allowed = (5 * 0.027 * vector.Deviation / Math.Sqrt(vector.Differences.Length)) + 1e-12;
        Assert.InRange(interval.Low, vector.Bootstrap[0] - allowed, vector.Bootstrap[0] + allowed);
        Assert.InRange(interval.High, vector.Bootstrap[1] - allowed, vector.Bootstrap[1] + allowed);
    }

    [Fact]
    public void Holms_adjustment_is_that_of_statsmodels()
    {
        foreach (HolmVector vector in StatisticsVectors.All.Holm)
        {
            double?[] adjusted = HolmAdjustment.Adjust([.. vector.P.Select(p => (double?)p)]);
            Assert.Equal(vector.Adjusted.Length, adjusted.Length);
            for (int i = 0; i < adjusted.Length; i++)
            {
                AssertClose(vector.Adjusted[i], adjusted[i]);
            }
        }
    }

    [Fact]
    public void A_test_without_a_p_value_is_not_counted_by_Holm() =>
        Assert.Equal([0.02, null, 0.04], HolmAdjustment.Adjust([0.01, null, 0.04]));

    [Fact]
    public void The_error_of_repeated_runs_is_clustered_by_record_as_statsmodels_does()
    {
        foreach (ClusteredVector vector in StatisticsVectors.All.Clustered)
        {
            RepeatedRuns runs = new(vector.Records);
            AssertClose(vector.Mean, runs.Mean);
            AssertClose(vector.StandardError, runs.StandardError);
            AssertClose(vector.Within, runs.WithinRecordDeviation);
        }
    }

    [Fact]
    public void Passing_at_least_once_and_always_are_shares_of_all_choices_of_k_tries()
    {
        foreach (PassVector vector in StatisticsVectors.All.Pass)
        {
            RepeatedRuns runs = new([[.. Enumerable.Repeat(1.0, vector.Passed), .. Enumerable.Repeat(0.0, vector.Tries - vector.Passed)]]);
            AssertClose(vector.PassAtK, runs.PassAtLeastOnce(vector.K));
            AssertClose(vector.PassAllK, runs.PassAlways(vector.K));
        }
    }

    [Fact]
    public void The_noise_floor_holds_95_of_100_pairs_of_identical_runs()
    {
        Random random = new(5);
        int within = 0;
        const int Trials = 1000;
        for (int trial = 0; trial < Trials; trial++)
        {
            double[] levels = [.. Enumerable.Range(0, 100).Select(_ => random.NextDouble())];
            double[][] values = [.. levels.Select(level => (double[])[.. Enumerable.Range(0, 2).Select(_ => Normal.Sample(random, level, 0.2))])];
            double difference = Math.Abs(values.Average(pair => pair[0]) - values.Average(pair => pair[1]));
            within += difference <= new RepeatedRuns(values).NoiseFloor ? 1 : 0;
        }

        // Binomial: 950 of 1,000 with a deviation of 6.9; the deviation is estimated from the same two runs.
        Assert.InRange(within, 915, 980);
    }

    [Fact]
    public void One_pair_and_equal_values_are_no_evidence()
    {
        PairedTTest one = new([0.4]);
        Assert.Null(one.PValue);
        Assert.Null(one.DetectableDelta(0.95));
        PairedTTest equal = new([0, 0, 0]);
        Assert.Equal(1, equal.PValue);
        Assert.Null(equal.EffectSize);
        Assert.Equal(1, WilcoxonSignedRankTest.PValue([0, 0, 0]));
        Assert.Null(WilcoxonSignedRankTest.PValue([]));
        Assert.Equal(0, new PairedTTest([0.25, 0.25, 0.25]).PValue);
    }

    [Fact]
    public void Above_what_is_drawn_the_interval_is_what_drawing_tends_to()
    {
        Random random = new(3);
        double[] values = [.. Enumerable.Range(0, BootstrapInterval.MostDrawn).Select(_ => Exponential.Sample(random, 2))];
        BootstrapInterval drawn = BootstrapInterval.OfMean(values, 0.95, seed: 9);
        BootstrapInterval worked = BootstrapInterval.OfMean([.. values, values.Average()], 0.95, seed: 9);
        double error = 0.5 / Math.Sqrt(values.Length);
        Assert.InRange(worked.Low, drawn.Low - (0.1 * error), drawn.Low + (0.1 * error));
        Assert.InRange(worked.High, drawn.High - (0.1 * error), drawn.High + (0.1 * error));
    }

    [Fact]
    public void The_bootstrap_of_negated_values_is_the_negated_interval_and_the_same_each_time()
    {
        double[] values = [0.3, -0.1, 0.7, 0.2, 0.25, -0.4, 0.9];
        BootstrapInterval interval = BootstrapInterval.OfMean(values, 0.9, seed: 4);
        BootstrapInterval mirrored = BootstrapInterval.OfMean([.. values.Select(value => -value)], 0.9, seed: 4);
        AssertClose(-interval.High, mirrored.Low);
        AssertClose(-interval.Low, mirrored.High);
        Assert.Equal(interval, BootstrapInterval.OfMean(values, 0.9, seed: 4));
        Assert.NotEqual(interval, BootstrapInterval.OfMean(values, 0.9, seed: 5));
    }

    private static void AssertClose(double? expected, double? actual)
    {
        Assert.Equal(expected is null, actual is null);
        if (expected is double value)
        {
            Assert.InRange(actual!.Value, value - (Close * Math.Max(1e-3, Math.Abs(value))) - 1e-15, value + (Close * Math.Max(1e-3, Math.Abs(value))) + 1e-15);
        }
    }
}
