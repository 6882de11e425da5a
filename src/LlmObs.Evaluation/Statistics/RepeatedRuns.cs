using MathNet.Numerics;
using MathNet.Numerics.Statistics;

namespace LlmObs.Evaluation.Statistics;

/// <summary>Measures several runs over the same records together: their quality, and how much of a difference is chance.</summary>
internal sealed class RepeatedRuns
{
    private readonly double[][] _records;

    /// <param name="records">For each record its values, one a run; finite. Records without a value are left out.</param>
    public RepeatedRuns(IEnumerable<double[]> records)
    {
        ArgumentNullException.ThrowIfNull(records);
        _records = [.. records.Where(values => values.Length > 0)];
        double[] means = Array.ConvertAll(_records, ArrayStatistics.Mean);
        RecordCount = _records.Length;
        ValueCount = _records.Sum(values => values.Length);
        Mean = means.Length == 0 ? null : ArrayStatistics.Mean(means);
        StandardError = means.Length < 2 ? null : ArrayStatistics.StandardDeviation(means) / Math.Sqrt(means.Length);
        double[] variances = [.. _records.Where(values => values.Length > 1).Select(ArrayStatistics.Variance)];
        WithinRecordDeviation = variances.Length == 0 ? null : Math.Sqrt(ArrayStatistics.Mean(variances));
    }

    /// <summary>Records with a value.</summary>
    public int RecordCount { get; }

    /// <summary>Values of all records.</summary>
    public int ValueCount { get; }

    /// <summary>The mean of the records' means, as the service averages repeated runs; <c>null</c> for no record.</summary>
    public double? Mean { get; }

    /// <summary>The standard error of the mean, clustered by record: repeats of one record are no new evidence. <c>null</c> below two.</summary>
    public double? StandardError { get; }

    /// <summary>The pooled standard deviation of one record's values; <c>null</c> if none has two.</summary>
    public double? WithinRecordDeviation { get; }

    /// <summary>
    /// What the means of two identical runs would differ by at most, in 95 of 100 cases: 1.96 sqrt(2) s / sqrt(records). A smaller
    /// difference of two single runs is noise. <c>null</c> if no record was run twice.
    /// </summary>
    public double? NoiseFloor => WithinRecordDeviation is double deviation ? 1.96 * Math.Sqrt(2.0 / RecordCount) * deviation : null;

    /// <summary>pass@k: the chance that at least one of k tries of a record passes, averaged over records of at least k tries.</summary>
    /// <param name="tries">k.</param>
    /// <returns>A probability; <c>null</c> if no record has so many tries.</returns>
    public double? PassAtLeastOnce(int tries) =>
        Average(tries, (count, passed) => 1 - Ratio(count - passed, count, tries));

    /// <summary>pass^k: the chance that all of k tries of a record pass, averaged over records of at least k tries.</summary>
    /// <param name="tries">k.</param>
    /// <returns>A probability; <c>null</c> if no record has so many tries.</returns>
    public double? PassAlways(int tries) =>
        Average(tries, (count, passed) => Ratio(passed, count, tries));

    // C(part, k) / C(whole, k): k tries taken from the whole all lie in the part.
    private static double Ratio(int part, int whole, int tries) =>
        part < tries ? 0 : Math.Exp(SpecialFunctions.BinomialLn(part, tries) - SpecialFunctions.BinomialLn(whole, tries));

    private double? Average(int tries, Func<int, int, double> chance)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tries, 1);
        double[] chances = [.. _records
            .Where(values => values.Length >= tries)
            .Select(values => chance(values.Length, values.Count(value => value == 1)))];
        return chances.Length == 0 ? null : ArrayStatistics.Mean(chances);
    }
}
