using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace LlmObs.Evaluation.Statistics;

/// <summary>The percentile bootstrap's interval of a mean: the range of the mean if other records of the same kind had been drawn.</summary>
/// <param name="Low">The lower end.</param>
/// <param name="High">The upper end.</param>
internal readonly record struct BootstrapInterval(double Low, double High)
{
    /// <summary>
    /// The most values that are resampled. Above it, the bootstrap's limit is computed from mean, deviation and skewness
    /// (Cornish-Fisher): at that size it differs by less than the sampling error, and sampling would take minutes.
    /// </summary>
    public const int MostDrawn = 5_000;

    private const int ChunkSize = 250;

    /// <summary>The interval; the same for the same values in the same order and the same seed, on every machine.</summary>
    /// <param name="values">At least one finite value.</param>
    /// <param name="confidenceLevel">Between 0 and 1, for example 0.95.</param>
    /// <param name="seed">The seed of the random numbers.</param>
    /// <param name="resampleCount">The resamples that are drawn up to <see cref="MostDrawn"/> values; a multiple of 250.</param>
    /// <returns>The interval.</returns>
    public static BootstrapInterval OfMean(double[] values, double confidenceLevel, int seed, int resampleCount = 10_000)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfZero(values.Length);
        double tail = (1 - confidenceLevel) / 2;
        if (!values.AsSpan().ContainsAnyExcept(values[0]))
        {
            return new(values[0], values[0]); // whatever is drawn
        }

        if (values.Length > MostDrawn)
        {
            return Limit(values, tail);
        }

        double[] means = new double[resampleCount];
        // Each chunk has random numbers of its own, so that the result does not depend on how many threads there are.
        Parallel.For(0, resampleCount / ChunkSize, chunk =>
        {
            Random random = new(unchecked((seed * 7919) + chunk));
            for (int i = chunk * ChunkSize; i < (chunk + 1) * ChunkSize; i++)
            {
                double sum = 0;
                for (int draw = 0; draw < values.Length; draw++)
                {
                    sum += values[random.Next(values.Length)];
                }

                means[i] = sum / values.Length;
            }
        });
        Array.Sort(means);
        // Type 7, which is symmetric: negated values give the negated interval.
        return new(
            SortedArrayStatistics.QuantileCustom(means, tail, QuantileDefinition.R7),
            SortedArrayStatistics.QuantileCustom(means, 1 - tail, QuantileDefinition.R7));
    }

    private static BootstrapInterval Limit(double[] values, double tail)
    {
        double count = values.Length;
        double mean = ArrayStatistics.Mean(values);
        double deviation = ArrayStatistics.PopulationStandardDeviation(values);
        if (deviation == 0)
        {
            return new(mean, mean);
        }

        double third = 0;
        foreach (double value in values)
        {
            double distance = (value - mean) / deviation;
            third += distance * distance * distance;
        }

        double skewness = third / count / Math.Sqrt(count);
        double error = deviation / Math.Sqrt(count);
        double z = Normal.InvCDF(0, 1, 1 - tail);
        double shift = ((z * z) - 1) * skewness / 6;
        return new(mean + (error * (shift - z)), mean + (error * (shift + z)));
    }
}
