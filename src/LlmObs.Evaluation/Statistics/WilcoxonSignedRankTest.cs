using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace LlmObs.Evaluation.Statistics;

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
