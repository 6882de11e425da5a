using LlmObs.Evaluation.Statistics;

namespace LlmObs.Evaluation.Comparison;

/// <summary>
/// Compares two runs record by record. Repeats of a record are averaged first (categories: the most frequent one), so that each
/// record counts once.
/// </summary>
public sealed class RunComparison
{
    private readonly IComparedRun _baselineRun;
    private readonly IComparedRun _candidateRun;
    private readonly ComparisonOptions _options;
    private readonly RecordKeys _keys;
    private readonly ComparedSide _baseline;
    private readonly ComparedSide _candidate;
    private readonly bool _isPairedByInput;
    private readonly List<string> _notes = [];

    private RunComparison(IComparedRun baseline, IComparedRun candidate, ComparisonOptions options)
    {
        _baselineRun = baseline;
        _candidateRun = candidate;
        _options = options;
        _keys = new();
        _baseline = ComparedSide.Read(baseline, _keys, byInput: false);
        _candidate = ComparedSide.Read(candidate, _keys, byInput: false);
        if (CountPairs() == 0 && _baseline.Records.Count > 0 && _candidate.Records.Count > 0)
        {
            // Copied datasets have ids of their own: the same questions are the same records all the same.
            RecordKeys inputs = new();
            ComparedSide baselineByInput = ComparedSide.Read(baseline, inputs, byInput: true);
            ComparedSide candidateByInput = ComparedSide.Read(candidate, inputs, byInput: true);
            (RecordKeys ids, ComparedSide baselineById, ComparedSide candidateById) = (_keys, _baseline, _candidate);
            (_keys, _baseline, _candidate) = (inputs, baselineByInput, candidateByInput);
            _isPairedByInput = CountPairs() > 0;
            if (!_isPairedByInput)
            {
                (_keys, _baseline, _candidate) = (ids, baselineById, candidateById);
            }
        }
    }

    /// <summary>Compares.</summary>
    /// <param name="baseline">What is compared with.</param>
    /// <param name="candidate">What is judged.</param>
    /// <param name="options">How.</param>
    /// <returns>A comparison for each metric, and what could not be compared.</returns>
    public static ComparisonResult Compare(IComparedRun baseline, IComparedRun candidate, ComparisonOptions options)
    {
        ArgumentNullException.ThrowIfNull(baseline);
        ArgumentNullException.ThrowIfNull(candidate);
        ArgumentNullException.ThrowIfNull(options);
        return new RunComparison(baseline, candidate, options).Compare();
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

        (int both, int baselineOnly, int candidateOnly) = CountRecords();
        NoteRuns(both, baselineOnly, candidateOnly);
        return new()
        {
            Metrics = metrics,
            Labels = [.. _baseline.Columns.Keys.Union(_candidate.Columns.Keys).Order(StringComparer.Ordinal)],
            PairCount = both,
            UnpairedBaselineCount = baselineOnly,
            UnpairedCandidateCount = candidateOnly,
            DoubleCount = _baseline.DoubleCount + _candidate.DoubleCount,
            BaselineErrorCount = CountErrors(_baseline),
            CandidateErrorCount = CountErrors(_candidate),
            IsPairedByInput = _isPairedByInput,
            Notes = _notes,
        };
    }

    // Metrics by name, then the run's own figures. Errors are shown only if there are any.
    private IEnumerable<string> Labels()
    {
        IEnumerable<string> labels = _baseline.Columns.Keys.Union(_candidate.Columns.Keys)
            .Where(label => _options.Labels.Count == 0 || _options.Labels.Contains(label, StringComparer.OrdinalIgnoreCase));
        HashSet<string> given = [.. labels];
        return given.Except(RunFigures.All).Order(StringComparer.Ordinal)
            .Concat(RunFigures.All.Where(given.Contains))
            .Where(label => label != RunFigures.Errors || CountErrors(_baseline) + CountErrors(_candidate) > 0);
    }

    private MetricComparison CompareLabel(string label)
    {
        LabelColumn? baseline = _baseline.Columns.GetValueOrDefault(label);
        LabelColumn? candidate = _candidate.Columns.GetValueOrDefault(label);
        bool lowerIsBetter = RunFigures.All.Contains(label) || _options.LowerIsBetter.Contains(label, StringComparer.OrdinalIgnoreCase);
        Form form = FormOf(label, baseline, candidate);
        return form == Form.Category
            ? CompareCategories(label, baseline, candidate)
            : CompareNumbers(label, form, lowerIsBetter, baseline, candidate);
    }

    private MetricComparison CompareNumbers(string label, Form form, bool lowerIsBetter, LabelColumn? baseline, LabelColumn? candidate)
    {
        double[] before = MeansByRecord(_baseline, baseline, form == Form.Assessment);
        double[] after = MeansByRecord(_candidate, candidate, form == Form.Assessment);
        List<int> paired = [];
        int baselineOnly = 0;
        int candidateOnly = 0;
        for (int record = 0; record < _keys.Count; record++)
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

        // The order of rows must not matter for what is drawn.
        paired.Sort((left, right) => string.CompareOrdinal(_keys[left], _keys[right]));
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
                    .OrderBy(change => change.Gain).ThenBy(change => _keys[change.Record], StringComparer.Ordinal)],
                this),
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
        string?[] before = CategoriesByRecord(_baseline, baseline);
        string?[] after = CategoriesByRecord(_candidate, candidate);
        List<CategoryChange> changes = [];
        int pairs = 0;
        int baselineOnly = 0;
        int candidateOnly = 0;
        for (int record = 0; record < _keys.Count; record++)
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
                    .ThenBy(change => _keys[change.Record], StringComparer.Ordinal)],
                this),
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

    private static double[] Fill(int count)
    {
        double[] values = new double[count];
        Array.Fill(values, double.NaN);
        return values;
    }

    private double[] MeansByRecord(ComparedSide side, LabelColumn? column, bool assessments)
    {
        double[] sums = Fill(_keys.Count);
        if (column is null)
        {
            return sums;
        }

        int[] counts = new int[_keys.Count];
        for (int row = 0; row < side.Records.Count; row++)
        {
            double value = assessments ? column.Assessment(row) : column.Number(row);
            if (!double.IsNaN(value))
            {
                int record = side.Records[row];
                sums[record] = counts[record]++ == 0 ? value : sums[record] + value;
            }
        }

        for (int record = 0; record < sums.Length; record++)
        {
            sums[record] = counts[record] > 1 ? sums[record] / counts[record] : sums[record];
        }

        return sums;
    }

    private string?[] CategoriesByRecord(ComparedSide side, LabelColumn? column)
    {
        string?[] categories = new string?[_keys.Count];
        if (column is null)
        {
            return categories;
        }

        Dictionary<(int Record, string Category), int> counts = [];
        for (int row = 0; row < side.Records.Count; row++)
        {
            if (column.Category(row) is not string category)
            {
                continue;
            }

            int record = side.Records[row];
            int count = counts.GetValueOrDefault((record, category)) + 1;
            counts[(record, category)] = count;
            int best = categories[record] is string leader ? counts[(record, leader)] : 0;
            // Between equally frequent ones the alphabet decides, so that the order of rows does not.
            if (count > best || (count == best && string.CompareOrdinal(category, categories[record]) < 0))
            {
                categories[record] = category;
            }
        }

        return categories;
    }

    // Means of repeats differ in their last digits by the order of adding: that is no change.
    private static double Difference(double before, double after)
    {
        double difference = after - before;
        return Math.Abs(difference) <= 1e-12 * Math.Max(Math.Abs(before), Math.Abs(after)) ? 0 : difference;
    }

    private static int CountErrors(ComparedSide side) =>
        side.Columns.GetValueOrDefault(RunFigures.Errors) is LabelColumn column
            ? Enumerable.Range(0, side.Records.Count).Count(row => column.Number(row) == 1)
            : 0;

    private int CountPairs() => CountRecords().Both;

    private (int Both, int BaselineOnly, int CandidateOnly) CountRecords()
    {
        bool[] inBaseline = new bool[_keys.Count];
        bool[] inCandidate = new bool[_keys.Count];
        foreach (int record in _baseline.Records)
        {
            inBaseline[record] = true;
        }

        foreach (int record in _candidate.Records)
        {
            inCandidate[record] = true;
        }

        int both = Enumerable.Range(0, _keys.Count).Count(record => inBaseline[record] && inCandidate[record]);
        return (both, inBaseline.Count(found => found) - both, inCandidate.Count(found => found) - both);
    }

    private void NoteRuns(int both, int baselineOnly, int candidateOnly)
    {
        if (_isPairedByInput)
        {
            _notes.Add("No record id occurs in both runs; records were paired by equal input.");
        }

        if (_baselineRun.DatasetId is string before && _candidateRun.DatasetId is string after && before != after)
        {
            _notes.Add($"The runs are on different datasets: {before} and {after}.");
        }
        else if (_baselineRun.DatasetVersion is long from && _candidateRun.DatasetVersion is long to && from != to)
        {
            _notes.Add($"The runs are on different versions of the dataset: {from} and {to}. Records may have changed.");
        }

        if (baselineOnly > 0)
        {
            _notes.Add($"{baselineOnly} of {baselineOnly + both} records of the baseline are not in the candidate.");
        }

        if (candidateOnly > 0)
        {
            _notes.Add($"{candidateOnly} of {candidateOnly + both} records of the candidate are not in the baseline.");
        }

        if (_baseline.DoubleCount + _candidate.DoubleCount is int doubles and > 0)
        {
            _notes.Add($"{doubles} rows were replaced by a later row of the same record and iteration.");
        }

        NoteErrors(_baselineRun, _baseline);
        NoteErrors(_candidateRun, _candidate);
    }

    private void NoteErrors(IComparedRun run, ComparedSide side)
    {
        if (CountErrors(side) is int errors and > 0)
        {
            _notes.Add($"The task failed for {errors} of {side.Records.Count} rows of {run.Name}.");
        }
    }

    private enum Form
    {
        Score,
        Boolean,
        Assessment,
        Category,
    }

    private readonly record struct NumberChange(int Record, double Before, double After, bool LowerIsBetter) : IChange
    {
        public double Gain => LowerIsBetter ? Before - After : After - Before;

        object? IChange.From => Before;

        object? IChange.To => After;

        double? IChange.Delta => After - Before;

        bool? IChange.IsImproved => Gain > 0;
    }

    private readonly record struct CategoryChange(int Record, string From, string To) : IChange
    {
        object? IChange.From => From;

        object? IChange.To => To;

        double? IChange.Delta => null;

        bool? IChange.IsImproved => null;
    }

    private interface IChange
    {
        int Record { get; }

        object? From { get; }

        object? To { get; }

        double? Delta { get; }

        bool? IsImproved { get; }
    }

    // The changes as data; what they show of a row is read when somebody looks.
    private sealed class ChangeList(IReadOnlyList<IChange> changes, RunComparison comparison) : IReadOnlyList<ValueChange>
    {
        public IEnumerable<double> Differences => changes.Select(change => change.Delta).OfType<double>();

        private Dictionary<int, long>? _baselinePositions;
        private Dictionary<int, long>? _candidatePositions;

        public int Count => changes.Count;

        public ValueChange this[int index]
        {
            get
            {
                IChange change = changes[index];
                _baselinePositions ??= Positions(comparison._baseline);
                _candidatePositions ??= Positions(comparison._candidate);
                (object? input, object? baselineOutput) = comparison._baselineRun.ReadContent(_baselinePositions[change.Record]);
                (_, object? candidateOutput) = comparison._candidateRun.ReadContent(_candidatePositions[change.Record]);
                return new()
                {
                    Key = comparison._keys[change.Record],
                    Input = input,
                    Baseline = change.From,
                    Candidate = change.To,
                    Delta = change.Delta,
                    IsImproved = change.IsImproved,
                    BaselineOutput = baselineOutput,
                    CandidateOutput = candidateOutput,
                };
            }
        }

        public IEnumerator<ValueChange> GetEnumerator()
        {
            for (int i = 0; i < Count; i++)
            {
                yield return this[i];
            }
        }

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();

        private Dictionary<int, long> Positions(ComparedSide side)
        {
            HashSet<int> wanted = [.. changes.Select(change => change.Record)];
            Dictionary<int, long> positions = [];
            for (int row = 0; row < side.Records.Count; row++)
            {
                if (wanted.Contains(side.Records[row]))
                {
                    positions[side.Records[row]] = side.Positions[row];
                }
            }

            return positions;
        }
    }
}
