namespace LlmObs;

/// <summary>One metric of a run over all its iterations: its mean, and how much of a difference would be chance.</summary>
public sealed record MetricMeasurement
{
    /// <summary>The metric's label.</summary>
    public required string Label { get; init; }

    /// <summary>One of <see cref="LlmObs.MetricType"/>.</summary>
    public required string MetricType { get; init; }

    /// <summary>The mean of the records' means, as the service averages repeated runs; a rate between 0 and 1 for booleans.</summary>
    public double? Mean { get; init; }

    /// <summary>The standard error of the mean, clustered by record; null for fewer than two records.</summary>
    public double? StandardError { get; init; }

    /// <summary>The standard deviation of one record's values over the iterations; null if no record has two.</summary>
    public double? WithinRecordDeviation { get; init; }

    /// <summary>
    /// What the means of two single runs of the same thing differ by at most, in 95 of 100 cases. A smaller difference is noise.
    /// null if no record has two values.
    /// </summary>
    public double? NoiseFloor { get; init; }

    /// <summary>Booleans: the chance that at least one of <see cref="TryCount"/> tries passes (pass@k).</summary>
    public double? PassAtK { get; init; }

    /// <summary>Booleans: the chance that all of <see cref="TryCount"/> tries pass (pass^k).</summary>
    public double? PassHatK { get; init; }

    /// <summary>The number of tries, k.</summary>
    public int TryCount { get; init; }

    /// <summary>Records with a value.</summary>
    public int RecordCount { get; init; }

    /// <summary>Values of all records and iterations.</summary>
    public int ValueCount { get; init; }

    /// <summary>Rows without a value.</summary>
    public int MissingCount { get; init; }
}
