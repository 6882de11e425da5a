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
    /// The smallest mean difference that this number of pairs shows with 80 % power, if their spread stays what it is:
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
