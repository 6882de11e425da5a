using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace LlmObs.Evaluation.Statistics;

/// <summary>Student's t-test on the mean of paired differences, and what else follows from their mean and spread.</summary>
internal sealed class PairedTTest
{
    /// <summary>The chance of finding a difference of <see cref="DetectableDelta"/> that is there.</summary>
    public const double Power = 0.8;

    /// <param name="differences">Candidate less baseline, one a pair; finite.</param>
    public PairedTTest(double[] differences)
    {
        ArgumentNullException.ThrowIfNull(differences);
        Count = differences.Length;
        Mean = Count == 0 ? 0 : ArrayStatistics.Mean(differences);
        double deviation = Count < 2 ? 0 : ArrayStatistics.StandardDeviation(differences);
        // Differences that are all the same have only the rounding of their last digits.
        StandardDeviation = deviation <= 1e-12 * Math.Abs(Mean) ? 0 : deviation;
    }

    /// <summary>The number of pairs.</summary>
    public int Count { get; }

    /// <summary>The mean difference.</summary>
    public double Mean { get; }

    /// <summary>The standard deviation of the differences, with n - 1; 0 for fewer than two pairs.</summary>
    public double StandardDeviation { get; }

    /// <summary>The two-sided p-value; <c>null</c> for fewer than two pairs.</summary>
    public double? PValue
    {
        get
        {
            if (Count < 2)
            {
                return null;
            }

            if (StandardDeviation == 0)
            {
                // All pairs differ by the same amount. SciPy has no number for 0/0 and calls it NaN; no difference is no evidence.
                return Mean == 0 ? 1 : 0;
            }

            double t = Mean / (StandardDeviation / Math.Sqrt(Count));
            return 2 * StudentT.CDF(0, 1, Count - 1, -Math.Abs(t));
        }
    }

    /// <summary>Cohen's d_z: the mean difference in standard deviations of the differences; <c>null</c> if these do not vary.</summary>
    public double? EffectSize => StandardDeviation == 0 ? null : Mean / StandardDeviation;

    /// <summary>
    /// The smallest mean difference that this number of pairs shows with 80 % power, if their spread stays the same:
    /// (t(1 - a/2) + t(0.8)) s / sqrt(n). <c>null</c> if the differences do not vary.
    /// </summary>
    /// <param name="confidenceLevel">1 - a, for example 0.95.</param>
    /// <returns>The difference, in the metric's own unit.</returns>
    public double? DetectableDelta(double confidenceLevel)
    {
        if (Count < 2 || StandardDeviation == 0)
        {
            return null;
        }

        int freedom = Count - 1;
        double quantiles = StudentT.InvCDF(0, 1, freedom, (1 + confidenceLevel) / 2) + StudentT.InvCDF(0, 1, freedom, Power);
        return quantiles * StandardDeviation / Math.Sqrt(Count);
    }
}

/// <summary>
/// Wilcoxon's signed-rank test: do the differences lean to one side, whatever their distribution? Pairs without a difference are
/// left out (Wilcoxon's own treatment). Up to 50 pairs without ties the distribution is exact; else it is the normal
/// approximation, corrected for ties and without a continuity correction, as SciPy has it.
/// </summary>
internal static class WilcoxonSignedRankTest
{
    private const int MostForExact = 50;

    /// <summary>The two-sided p-value.</summary>
    /// <param name="differences">Candidate less baseline, one a pair; finite.</param>
    /// <returns>A probability; <c>null</c> for no pair, 1 if no pair differs.</returns>
    public static double? PValue(double[] differences)
    {
        ArgumentNullException.ThrowIfNull(differences);
        if (differences.Length == 0)
        {
            return null;
        }

        double[] changed = Array.FindAll(differences, difference => difference != 0);
        int count = changed.Length;
        if (count == 0)
        {
            return 1;
        }

        double[] ranks = ArrayStatistics.RanksInplace(Array.ConvertAll(changed, Math.Abs), RankDefinition.Average);
        double positive = 0;
        for (int i = 0; i < count; i++)
        {
            positive += changed[i] > 0 ? ranks[i] : 0;
        }

        double total = count * (count + 1.0) / 2;
        double smaller = Math.Min(positive, total - positive);
        double ties = TieTerm(ranks);
        if (ties == 0 && count == differences.Length && count <= MostForExact)
        {
            return Math.Min(1, 2 * ExactCumulative(count, (int)smaller));
        }

        double n = count;
        double variance = (n * (n + 1) * (2 * n + 1) / 24) - (ties / 48);
        double z = (smaller - (total / 2)) / Math.Sqrt(variance);
        return Math.Min(1, 2 * Normal.CDF(0, 1, z));
    }

    // The sum of t^3 - t over the groups of t equal ranks.
    private static double TieTerm(double[] ranks)
    {
        double[] sorted = [.. ranks];
        Array.Sort(sorted);
        double term = 0;
        for (int start = 0; start < sorted.Length;)
        {
            int end = start + 1;
            while (end < sorted.Length && sorted[end] == sorted[start])
            {
                end++;
            }

            double size = end - start;
            term += (size * size * size) - size;
            start = end;
        }

        return term;
    }

    // How many of the 2^n sign patterns give each sum of positive ranks, by adding one rank after the other.
    private static double ExactCumulative(int count, int sum)
    {
        double[] patterns = new double[(count * (count + 1) / 2) + 1];
        patterns[0] = 1;
        for (int rank = 1; rank <= count; rank++)
        {
            for (int i = patterns.Length - 1; i >= rank; i--)
            {
                patterns[i] += patterns[i - rank];
            }
        }

        double cumulative = 0;
        for (int i = 0; i <= sum; i++)
        {
            cumulative += patterns[i];
        }

        return cumulative / Math.Pow(2, count);
    }
}

/// <summary>
/// McNemar's exact test for paired yes/no outcomes. Only pairs whose outcome changed count: without a real difference,
/// each of them is as likely to have improved as to have regressed.
/// </summary>
internal static class McNemarTest
{
    /// <summary>The two-sided p-value by the binomial distribution.</summary>
    /// <param name="improvedCount">Pairs that went from no to yes.</param>
    /// <param name="regressedCount">Pairs that went from yes to no.</param>
    /// <returns>A probability; 1 if no pair changed.</returns>
    public static double PValue(int improvedCount, int regressedCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(improvedCount);
        ArgumentOutOfRangeException.ThrowIfNegative(regressedCount);
        int discordant = improvedCount + regressedCount;
        if (discordant == 0)
        {
            return 1;
        }

        return Math.Min(1, 2 * Binomial.CDF(0.5, discordant, Math.Min(improvedCount, regressedCount)));
    }
}

/// <summary>Holm's step-down adjustment of p-values of several tests: keeps the chance of a single false alarm among all of them.</summary>
internal static class HolmAdjustment
{
    /// <summary>The adjusted p-values, in the order of the given ones.</summary>
    /// <param name="pValues">Probabilities; <c>null</c> for a test that has none, which is not counted.</param>
    /// <returns>A value for each item; <c>null</c> where the input has none.</returns>
    public static double?[] Adjust(IReadOnlyList<double?> pValues)
    {
        ArgumentNullException.ThrowIfNull(pValues);
        int[] order = [.. Enumerable.Range(0, pValues.Count).Where(i => pValues[i] is not null).OrderBy(i => pValues[i])];
        double?[] adjusted = new double?[pValues.Count];
        double atLeast = 0;
        for (int i = 0; i < order.Length; i++)
        {
            atLeast = Math.Max(atLeast, Math.Min(1, (order.Length - i) * pValues[order[i]]!.Value));
            adjusted[order[i]] = atLeast;
        }

        return adjusted;
    }
}
