using LlmObs.Evaluation.Statistics;

namespace LlmObs.Evaluation.Comparison;

/// <summary>Measures the iterations of one run together, for each metric that is a number, a boolean or an assessment.</summary>
public static class RunMeasurement
{
    /// <summary>Measures a run.</summary>
    /// <param name="labels">The labels to measure; empty for all.</param>
    /// <param name="tryCount">k of pass@k and pass^k; <c>null</c> for the most tries that every record has.</param>
    /// <returns>A measurement for each label, in the order of a comparison.</returns>
    public static IReadOnlyList<MetricMeasurement> Measure(IComparedRun run, IReadOnlyCollection<string> labels, int? tryCount)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(labels);
        RecordKeys keys = new();
        ComparedSide side = ComparedSide.Read(run, keys, byInput: false);
        IEnumerable<string> wanted = side.Columns.Keys.Where(label => labels.Count == 0 || labels.Contains(label, StringComparer.OrdinalIgnoreCase));
        return [.. wanted.Except(RunFigures.All).Order(StringComparer.Ordinal).Concat(RunFigures.All.Intersect(wanted))
            .Select(label => Measure(label, side, keys.Count, tryCount)).OfType<MetricMeasurement>()
            .Where(measurement => measurement.Label != RunFigures.Errors || measurement.Mean > 0)];
    }

    private static MetricMeasurement? Measure(string label, ComparedSide side, int recordCount, int? tryCount)
    {
        LabelColumn column = side.Columns[label];
        bool hasNumbers = column.HasBooleans || column.HasScores;
        if (!hasNumbers && !column.HasAssessments)
        {
            return null;
        }

        List<double>?[] records = new List<double>?[recordCount];
        int missing = 0;
        for (int row = 0; row < side.Records.Count; row++)
        {
            double value = hasNumbers ? column.Number(row) : column.Assessment(row);
            missing += double.IsNaN(value) ? 1 : 0;
            if (!double.IsNaN(value))
            {
                (records[side.Records[row]] ??= []).Add(value);
            }
        }

        double[][] values = [.. records.OfType<List<double>>().Select(record => record.ToArray())];
        RepeatedRuns runs = new(values);
        bool isBoolean = !column.HasScores;
        int tries = tryCount ?? (values.Length == 0 ? 0 : values.Min(record => record.Length));
        return new()
        {
            Label = label,
            MetricType = isBoolean ? MetricType.Boolean : MetricType.Score,
            Mean = runs.Mean,
            StandardError = runs.StandardError,
            WithinRecordDeviation = runs.WithinRecordDeviation,
            NoiseFloor = runs.NoiseFloor,
            PassAtK = isBoolean && tries > 0 ? runs.PassAtLeastOnce(tries) : null,
            PassHatK = isBoolean && tries > 0 ? runs.PassAlways(tries) : null,
            TryCount = tries,
            RecordCount = runs.RecordCount,
            ValueCount = runs.ValueCount,
            MissingCount = missing,
        };
    }
}
