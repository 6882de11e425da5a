namespace LlmObs.PowerShell.Gates;

/// <summary>The reasons why a comparison fails its gate.</summary>
public enum ComparisonFailure
{
    /// <summary>A metric that is worse, and hardly by chance.</summary>
    Degraded,

    /// <summary>A metric with fewer pairs than asked for.</summary>
    TooFewPairs,

    /// <summary>A metric whose difference may be chance.</summary>
    Inconclusive,

    /// <summary>A record that only one of the runs has a value for.</summary>
    Unpaired,
}

/// <summary>
/// Checks a comparison against its conditions. A gate also fails on values that the candidate lacks and on
/// failed tasks: missing data must not look like success.
/// </summary>
internal sealed class ComparisonGate
{
    private static readonly (string Name, Func<MetricComparison, double?> Value)[] Figures =
    [
        ("delta", comparison => comparison.Delta),
        ("delta_low", comparison => comparison.DeltaLow),
        ("delta_high", comparison => comparison.DeltaHigh),
        ("baseline", comparison => comparison.Baseline),
        ("candidate", comparison => comparison.Candidate),
        ("p", comparison => comparison.AdjustedPValue),
        ("pairs", comparison => comparison.PairCount),
        ("improved", comparison => comparison.ImprovedCount),
        ("regressed", comparison => comparison.RegressedCount),
        ("unpaired", comparison => comparison.UnpairedBaselineCount + comparison.UnpairedCandidateCount),
    ];

    private readonly IReadOnlyList<MetricComparison> _comparisons;
    private readonly List<Check> _checks = [];
    private readonly List<string> _problems = [];
    private readonly List<string> _broken = [];

    public ComparisonGate(IReadOnlyList<MetricComparison> comparisons, IReadOnlyList<ComparisonFailure> failOn, IReadOnlyList<Threshold> thresholds)
    {
        _comparisons = comparisons;
        foreach (Threshold threshold in thresholds)
        {
            Apply(threshold, threshold.Name);
        }

        foreach (MetricComparison comparison in comparisons)
        {
            Judge(comparison, failOn);
        }

        _broken.AddRange(_checks.Where(check => !check.Holds).Select(check => check.ToString()));
    }

    /// <summary>The thresholds that were held against a value.</summary>
    public IReadOnlyList<Check> Checks => _checks;

    /// <summary>Thresholds that could not be held against anything, each as a sentence.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>The reasons why the gate failed, each as a sentence; empty if it passed.</summary>
    public IReadOnlyList<string> Broken => _broken;

    private void Judge(MetricComparison comparison, IReadOnlyList<ComparisonFailure> failOn)
    {
        bool isAsked = Enum.TryParse(comparison.Verdict.ToString(), out ComparisonFailure failure) && failOn.Contains(failure);
        if (isAsked)
        {
            _broken.Add(ComparisonFormat.Sentence(comparison));
        }

        if (comparison.UnpairedBaselineCount > 0)
        {
            _broken.Add(comparison.PairCount == 0
                ? $"The candidate has no value of {comparison.Label} for any record of the baseline."
                : FormattableString.Invariant($"{comparison.UnpairedBaselineCount} records have {comparison.Label} in the baseline and not in the candidate."));
        }

        if (comparison.UnpairedCandidateCount > 0 && failOn.Contains(ComparisonFailure.Unpaired))
        {
            _broken.Add(FormattableString.Invariant($"{comparison.UnpairedCandidateCount} records have {comparison.Label} in the candidate and not in the baseline."));
        }

        // A threshold of the user sets how many failures are acceptable.
        if (comparison.Label == "errors" && comparison.Candidate > 0 && !_checks.Exists(check => check.Row == "errors"))
        {
            _broken.Add($"The task failed for {ComparisonFormat.Value(comparison, comparison.Candidate)} of the candidate's records.");
        }
    }

    private void Apply(Threshold threshold, string name)
    {
        if (threshold.Condition is not Condition condition)
        {
            foreach (Threshold inner in threshold.Inner)
            {
                Apply(inner, $"{name}.{inner.Name}");
            }

            return;
        }

        if (Find(name) is MetricComparison whole)
        {
            _checks.Add(new(whole.Label, "candidate", whole.Candidate, condition));
        }
        else if (name.LastIndexOf('.') is int point and > 0 && Find(name[..point]) is MetricComparison comparison
            && Array.Find(Figures, figure => figure.Name.Equals(name[(point + 1)..], StringComparison.OrdinalIgnoreCase)) is { Name: not null } found)
        {
            _checks.Add(new(comparison.Label, found.Name, found.Value(comparison), condition));
        }
        else
        {
            string[] known = [.. _comparisons.Select(one => one.Label)];
            _problems.Add($"'{name}' of -Threshold is not in this comparison.{NearestWord.Ask(name, known.Concat(known.SelectMany(label => Figures.Select(figure => $"{label}.{figure.Name}"))))}"
                + $" It has {string.Join(", ", known)}, each also with {string.Join(", ", Figures.Select(figure => "." + figure.Name))}.");
        }
    }

    private MetricComparison? Find(string label) =>
        _comparisons.FirstOrDefault(comparison => comparison.Label.Equals(label, StringComparison.OrdinalIgnoreCase));
}
