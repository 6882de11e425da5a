using MathNet.Numerics.Distributions;

namespace LlmObs.Evaluation.Statistics;

/// <summary>
/// McNemar's exact test for paired yes/no outcomes. Only pairs whose outcome changed say anything about the difference: under
/// no difference each of them is as likely to have improved as to have regressed.
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
