using LlmObs.Evaluation.Statistics;

namespace LlmObs.Evaluation.Comparison;

/// <summary>
/// Compares two runs record by record. Repeats of a record are averaged first (categories: the most frequent one), so that each
/// record counts once.
/// </summary>
public sealed class RunComparison
{
    private readonly ComparisonOptions _options;
    private readonly PairedRuns _runs;
    private readonly List<string> _notes = [];

    private RunComparison(PairedRuns runs, ComparisonOptions options) => (_runs, _options) = (runs, options);

    /// <summary>Compares two runs.</summary>
    /// <param name="baseline">The run to compare with.</param>
    /// <param name="candidate">The run to judge.</param>
    /// <returns>A comparison for each metric, and the records that could not be compared.</returns>
    public static ComparisonResult Compare(IComparedRun baseline, IComparedRun candidate, ComparisonOptions options)
    {
        ArgumentNullException.ThrowIfNull(baseline);
        ArgumentNullException.ThrowIfNull(candidate);
        ArgumentNullException.ThrowIfNull(options);
        return new RunComparison(new PairedRuns(baseline, candidate), options).Compare();
    }

    /// <summary>The differences of the pairs that have one. Reads no input or output, as going through the changes does.</summary>
    internal static IEnumerable<double> DifferencesOf(MetricComparison comparison) =>
        comparison.Changes is ChangeList list ? list.Differences : comparison.Changes.Select(change => change.Delta).OfType<double>();

    private ComparisonResult Compare()
    {
        MetricComparison[] metrics = [.. Labels().Select(CompareLabel)];
        double?[] adjusted = HolmAdjustment.Adjust([.. metrics.Select(metric => metric.PValue)]);
        for (int i = 0; i < metrics.Length; i++)
        {
            metrics[i] = metrics[i] with { AdjustedPValue = adjusted[i] };
            metrics[i] = metrics[i] with { Verdict = Judge(metrics[i]) };
        }

        (int both, int baselineOnly, int candidateOnly) = _runs.CountRecords();
        _notes.AddRange(_runs.Notes());
        AddNoteOf("baseline", metrics.Where(metric => !_runs.Candidate.Columns.ContainsKey(metric.Label)));
        AddNoteOf("candidate", metrics.Where(metric => !_runs.Baseline.Columns.ContainsKey(metric.Label)));
        return new()
        {
            Metrics = metrics,
            Labels = [.. _runs.Baseline.Columns.Keys.Union(_runs.Candidate.Columns.Keys).Order(StringComparer.Ordinal)],
            PairCount = both,
            UnpairedBaselineCount = baselineOnly,
            UnpairedCandidateCount = candidateOnly,
            DoubleCount = _runs.Baseline.DoubleCount + _runs.Candidate.DoubleCount,
            BaselineErrorCount = _runs.Baseline.ErrorCount,
            CandidateErrorCount = _runs.Candidate.ErrorCount,
            IsPairedByInput = _runs.AreByInput,
            Notes = _notes,
        };
    }

    private void AddNoteOf(string side, IEnumerable<MetricComparison> only)
    {
        string[] labels = [.. only.Where(metric => metric.OnlyIn is not null).Select(metric => metric.Label)];
        if (labels.Length > 0)
        {
            _notes.Add($"Only in the {side}: {string.Join(", ", labels)}. A metric of one run has no pairs to compare.");
        }
    }

    // Metrics by name, then the run's own figures. Errors are shown only if there are any.
    private IEnumerable<string> Labels()
    {
        IEnumerable<string> labels = _runs.Baseline.Columns.Keys.Union(_runs.Candidate.Columns.Keys)
            .Where(label => _options.Labels.Count == 0 || _options.Labels.Contains(label, StringComparer.OrdinalIgnoreCase));
        HashSet<string> given = [.. labels];
        return given.Except(RunFigures.All).Order(StringComparer.Ordinal)
            .Concat(RunFigures.All.Where(given.Contains))
            .Where(label => label != RunFigures.Errors || _runs.Baseline.ErrorCount + _runs.Candidate.ErrorCount > 0);
    }

    private MetricComparison CompareLabel(string label)
    {
        LabelColumn? baseline = _runs.Baseline.Columns.GetValueOrDefault(label);
        LabelColumn? candidate = _runs.Candidate.Columns.GetValueOrDefault(label);
        bool lowerIsBetter = RunFigures.All.Contains(label) || _options.LowerIsBetter.Contains(label, StringComparer.OrdinalIgnoreCase);
        Form form = FormOf(label, baseline, candidate);
        return form == Form.Category
            ? CompareCategories(label, baseline, candidate)
            : CompareNumbers(label, form, lowerIsBetter, baseline, candidate);
    }

    private MetricComparison CompareNumbers(string label, Form form, bool lowerIsBetter, LabelColumn? baseline, LabelColumn? candidate)
    {
        double[] before = _runs.Baseline.MeansByRecord(baseline, _runs.Keys.Count, form == Form.Assessment);
        double[] after = _runs.Candidate.MeansByRecord(candidate, _runs.Keys.Count, form == Form.Assessment);
        List<int> paired = [];
        int baselineOnly = 0;
        int candidateOnly = 0;
        for (int record = 0; record < _runs.Keys.Count; record++)
        {
            bool hasBefore = !double.IsNaN(before[record]);
            bool hasAfter = !double.IsNaN(after[record]);
            if (hasBefore && hasAfter)
            {
                paired.Add(record);
            }

            baselineOnly += hasBefore && !hasAfter ? 1 : 0;
            candidateOnly += hasAfter && !hasBefore ? 1 : 0;
        }

        // The order of rows must not change the resamples.
        paired.Sort((left, right) => string.CompareOrdinal(_runs.Keys[left], _runs.Keys[right]));
        double[] differences = [.. paired.Select(record => Difference(before[record], after[record]))];
        int rises = differences.Count(difference => difference > 0);
        int falls = differences.Count(difference => difference < 0);
        PairedTTest statistics = new(differences);
        MetricComparison comparison = new()
        {
            Label = label,
            MetricType = form == Form.Score ? MetricType.Score : MetricType.Boolean,
            LowerIsBetter = lowerIsBetter,
            ConfidenceLevel = _options.ConfidenceLevel,
            PairCount = paired.Count,
            ImprovedCount = lowerIsBetter ? falls : rises,
            RegressedCount = lowerIsBetter ? rises : falls,
            TieCount = paired.Count - rises - falls,
            UnpairedBaselineCount = baselineOnly,
            UnpairedCandidateCount = candidateOnly,
        };
        if (paired.Count == 0)
        {
            return comparison;
        }

        BootstrapInterval interval = BootstrapInterval.OfMean(
            differences, _options.ConfidenceLevel, _options.Seed, _options.ResampleCount);
        double baselineMean = paired.Average(record => before[record]);
        comparison = comparison with
        {
            Baseline = baselineMean,
            Candidate = baselineMean + statistics.Mean,
            Delta = statistics.Mean,
            DeltaLow = interval.Low,
            DeltaHigh = interval.High,
            EffectSize = statistics.EffectSize,
            DetectableDelta = statistics.DetectableDelta(_options.ConfidenceLevel),
            Changes = new ChangeList(
                [.. paired.Where(record => Difference(before[record], after[record]) != 0)
                    .Select(record => new NumberChange(record, before[record], after[record], lowerIsBetter))
                    .OrderBy(change => change.Gain).ThenBy(change => _runs.Keys[change.Record], StringComparer.Ordinal)],
                _runs),
        };
        if (paired.Count < Math.Max(2, _options.MinimumPairCount))
        {
            return comparison;
        }

        // Rates of repeated records are no longer yes or no, and are tested as scores.
        bool isBinary = form != Form.Score && paired.TrueForAll(record => before[record] is 0 or 1 && after[record] is 0 or 1);
        return isBinary
            ? comparison with { Test = "McNemar", PValue = McNemarTest.PValue(rises, falls) }
            : comparison with
            {
                Test = "PairedT",
                PValue = statistics.PValue,
                WilcoxonPValue = WilcoxonSignedRankTest.PValue(differences),
            };
    }

    private MetricComparison CompareCategories(string label, LabelColumn? baseline, LabelColumn? candidate)
    {
        string?[] before = _runs.Baseline.CategoriesByRecord(baseline, _runs.Keys.Count);
        string?[] after = _runs.Candidate.CategoriesByRecord(candidate, _runs.Keys.Count);
        List<CategoryChange> changes = [];
        int pairs = 0;
        int baselineOnly = 0;
        int candidateOnly = 0;
        for (int record = 0; record < _runs.Keys.Count; record++)
        {
            (string? from, string? to) = (before[record], after[record]);
            baselineOnly += from is not null && to is null ? 1 : 0;
            candidateOnly += from is null && to is not null ? 1 : 0;
            if (from is null || to is null)
            {
                continue;
            }

            pairs++;
            if (from != to)
            {
                changes.Add(new(record, from, to));
            }
        }

        CategoryFlip[] flips = [.. changes.GroupBy(change => (change.From, change.To))
            .Select(group => new CategoryFlip(group.Key.From, group.Key.To, group.Count()))
            .OrderByDescending(flip => flip.Count).ThenBy(flip => flip.From, StringComparer.Ordinal).ThenBy(flip => flip.To, StringComparer.Ordinal)];
        Dictionary<(string, string), int> frequency = flips.ToDictionary(flip => (flip.From, flip.To), flip => flip.Count);
        return new()
        {
            Label = label,
            MetricType = MetricType.Categorical,
            ConfidenceLevel = _options.ConfidenceLevel,
            PairCount = pairs,
            TieCount = pairs - changes.Count,
            ChangedCount = changes.Count,
            UnpairedBaselineCount = baselineOnly,
            UnpairedCandidateCount = candidateOnly,
            Flips = flips,
            Changes = new ChangeList(
                [.. changes.OrderByDescending(change => frequency[(change.From, change.To)])
                    .ThenBy(change => change.From, StringComparer.Ordinal).ThenBy(change => change.To, StringComparer.Ordinal)
                    .ThenBy(change => _runs.Keys[change.Record], StringComparer.Ordinal)],
                _runs),
        };
    }

    private ComparisonVerdict Judge(MetricComparison metric)
    {
        if (metric.PairCount < Math.Max(1, _options.MinimumPairCount))
        {
            return ComparisonVerdict.TooFewPairs;
        }

        if (metric.TieCount == metric.PairCount)
        {
            return ComparisonVerdict.Unchanged;
        }

        if (metric.AdjustedPValue is not double p || p >= 1 - _options.ConfidenceLevel || metric.Delta is not double delta)
        {
            return ComparisonVerdict.Inconclusive;
        }

        return delta > 0 == metric.LowerIsBetter ? ComparisonVerdict.Degraded : ComparisonVerdict.Improved;
    }

    private Form FormOf(string label, LabelColumn? baseline, LabelColumn? candidate)
    {
        bool Any(Func<LabelColumn, bool> has) => (baseline is not null && has(baseline)) || (candidate is not null && has(candidate));
        bool numbers = Any(column => column.HasBooleans || column.HasScores);
        if (numbers && Any(column => column.HasCategories))
        {
            _notes.Add($"Metric '{label}' has numbers and categories; only its numbers are compared. Give it one type.");
        }

        if (numbers)
        {
            bool scores = Any(column => column.HasScores);
            if (scores && Any(column => column.HasBooleans))
            {
                _notes.Add($"Metric '{label}' is a boolean in some rows and a score in others; true counts as 1 and false as 0.");
            }

            return scores ? Form.Score : Form.Boolean;
        }

        if (Any(column => column.HasAssessments))
        {
            return Form.Assessment;
        }

        if (Any(column => column.HasObjects) && !Any(column => column.HasCategories))
        {
            _notes.Add($"Metric '{label}' holds JSON objects without an assessment; these cannot be compared.");
        }

        return Form.Category;
    }

    // Means of repeats differ in their last digits by the order of adding: that is no change.
    private static double Difference(double before, double after)
    {
        double difference = after - before;
        return Math.Abs(difference) <= 1e-12 * Math.Max(Math.Abs(before), Math.Abs(after)) ? 0 : difference;
    }

    private enum Form
    {
        Score,
        Boolean,
        Assessment,
        Category,
    }
}

/// <summary>The options of a comparison.</summary>
public sealed record ComparisonOptions
{
    /// <summary>1 - the chance of calling something improved or degraded that is neither.</summary>
    public double ConfidenceLevel { get; init; } = 0.95;

    /// <summary>The fewest pairs that a test is made for.</summary>
    public int MinimumPairCount { get; init; } = 10;

    /// <summary>The seed of the bootstrap's random numbers.</summary>
    public int Seed { get; init; }

    /// <summary>The bootstrap's resamples; fewer only in tests that compare thousands of runs.</summary>
    internal int ResampleCount { get; init; } = 10_000;

    /// <summary>The labels to compare; empty for all.</summary>
    public IReadOnlyCollection<string> Labels { get; init; } = [];

    /// <summary>The labels for which a lower value is better, in addition to <see cref="RunFigures"/>.</summary>
    public IReadOnlyCollection<string> LowerIsBetter { get; init; } = [];
}

/// <summary>The figures that are compared in addition to the metrics. Lower is better for all of them; a metric of the same label replaces one.</summary>
public static class RunFigures
{
    /// <summary>Seconds that the task took; of rows that did not fail.</summary>
    public const string Duration = "duration";

    /// <summary>1 if the task failed, otherwise 0.</summary>
    public const string Errors = "errors";

    /// <summary>Tokens that went to a model.</summary>
    public const string InputTokens = "input_tokens";

    /// <summary>Tokens that came from a model.</summary>
    public const string OutputTokens = "output_tokens";

    /// <summary>US dollars.</summary>
    public const string CostUsd = "cost_usd";

    /// <summary>All of them, in the order of the table.</summary>
    public static IReadOnlyList<string> All { get; } = [Errors, Duration, InputTokens, OutputTokens, CostUsd];
}

/// <summary>Two runs compared: a row per metric, and the records that could not be compared.</summary>
public sealed record ComparisonResult
{
    /// <summary>One comparison per label: metrics by name, then the run's own figures.</summary>
    public required IReadOnlyList<MetricComparison> Metrics { get; init; }

    /// <summary>All labels in either run, compared or not.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>Records that both runs have.</summary>
    public required int PairCount { get; init; }

    /// <summary>Records that only the baseline has.</summary>
    public required int UnpairedBaselineCount { get; init; }

    /// <summary>Records that only the candidate has.</summary>
    public required int UnpairedCandidateCount { get; init; }

    /// <summary>Rows of both runs that another row of the same record and iteration replaced.</summary>
    public required int DoubleCount { get; init; }

    /// <summary>Rows of the baseline whose task failed.</summary>
    public required int BaselineErrorCount { get; init; }

    /// <summary>Rows of the candidate whose task failed.</summary>
    public required int CandidateErrorCount { get; init; }

    /// <summary>True if rows were paired by equal input although they have record ids, because no id occurs in both runs.</summary>
    public required bool IsPairedByInput { get; init; }

    /// <summary>Facts that limit the table, one sentence each.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}
