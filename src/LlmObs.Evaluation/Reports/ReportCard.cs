using LlmObs.Evaluation.Comparison;

namespace LlmObs.Evaluation.Reports;

/// <summary>One metric as the page shows it above the rows.</summary>
internal sealed record ReportCard
{
    public required string Label { get; init; }

    /// <summary>The mean, the rate, or the change from one to the other.</summary>
    public required string Headline { get; init; }

    /// <summary>The result in a sentence.</summary>
    public required string Sentence { get; init; }

    /// <summary>Further figures, each with its name.</summary>
    public IReadOnlyList<string> Details { get; init; } = [];

    /// <summary>The comparison's verdict in a word; null if there is none.</summary>
    public string? Verdict { get; init; }

    /// <summary>The class of that word: good, bad, or neither (an empty text).</summary>
    public string Mood { get; init; } = string.Empty;

    public ReportPlot? Plot { get; init; }

    public static IEnumerable<ReportCard> Of(RunReport report)
    {
        if (report.Comparisons.Count > 0)
        {
            return report.Comparisons.Select(Of);
        }

        IEnumerable<ReportCard> cards = report.Tally.Metrics.Select(metric => Of(metric, report.Tally.RowCount));
        return report.Tally.Seconds.Length == 0 ? cards : cards.Append(Latency(report.Tally.Seconds));
    }

    private static ReportCard Of(MetricTally metric, int rows)
    {
        List<string> details = [];
        void Tell(int count, string what)
        {
            if (count > 0)
            {
                details.Add($"{ReportText.Count(count)} {what}");
            }
        }

        Tell(metric.PassedCount, "passed");
        Tell(metric.FailedCount, "failed");
        Tell(metric.ErrorCount, "evaluations failed");
        int silent = rows - metric.Count - metric.ErrorCount;
        Tell(Math.Max(0, silent), "rows without a value");
        string label = ReportText.Visible(metric.Label);
        if (metric.Mean() is not (double mean, var low, var high) || metric.MetricType == LlmObs.MetricType.Categorical)
        {
            return WithoutFigure(metric, label, details);
        }

        string Figure(double value) => ComparisonFormat.Figure(metric.MetricType, value);
        bool isRate = metric.MetricType == LlmObs.MetricType.Boolean;
        string interval = low is null ? string.Empty : $", 95 % interval {Figure(low.Value)} to {Figure(high!.Value)}";
        int yes = metric.Values.Count(value => value == 1);
        return new()
        {
            Label = label,
            Headline = Figure(mean),
            Sentence = isRate ? $"Rate {Figure(mean)}{interval}." : $"Mean {Figure(mean)}{interval}.",
            Details = details,
            Plot = isRate
                ? ReportPlot.Counts([("true or passed", yes, true), ("false or failed", metric.Values.Count() - yes, false), ("no value", Math.Max(0, silent) + metric.ErrorCount, null)])
                : ReportPlot.Histogram(metric.Values),
        };
    }

    private static ReportCard WithoutFigure(MetricTally metric, string label, List<string> details)
    {
        (string Name, int Count, bool? IsGood)[] counts = [.. metric.Categories.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => (pair.Key.Length == 0 ? "(empty)" : pair.Key, pair.Value, (bool?)null))];
        return new()
        {
            Label = label,
            Headline = counts is [var first, ..] ? ReportText.Visible(first.Name) : "no figure",
            Sentence = counts is [var most, ..]
                ? $"The most frequent of {ReportText.Count(counts.Length)} categories: {ReportText.Count(most.Count)} of {ReportText.Count(metric.Count)} rows."
                : metric.Count > 0 ? "Its values are JSON, of which there is no mean." : "No row has a value.",
            Details = details,
            Plot = counts.Length == 0 ? null : ReportPlot.Counts(counts),
        };
    }

    private static ReportCard Latency(double[] seconds) => new()
    {
        Label = "latency",
        Headline = ReportText.Seconds(RunReport.Quantile(seconds, 0.5)),
        Sentence = $"Median; 95 of 100 rows took at most {ReportText.Seconds(RunReport.Quantile(seconds, 0.95))}.",
        Plot = ReportPlot.Box(seconds),
    };

    private static ReportCard Of(MetricComparison comparison)
    {
        List<string> details = [$"{ReportText.Count(comparison.PairCount)} pairs"];
        if (comparison.DeltaLow is not null)
        {
            details.Add($"difference {ComparisonFormat.Signed(comparison, comparison.Delta)}, {comparison.ConfidenceLevel * 100:0.#} % interval {ComparisonFormat.Interval(comparison)}");
        }

        if (comparison.AdjustedPValue is not null)
        {
            details.Add($"{comparison.Test}, adjusted p {ComparisonFormat.Probability(comparison.AdjustedPValue)}");
        }

        if (comparison.UnpairedBaselineCount + comparison.UnpairedCandidateCount is int unpaired and > 0)
        {
            details.Add($"{ReportText.Count(unpaired)} records have a value in one run only");
        }

        return new()
        {
            Label = ReportText.Visible(comparison.Label),
            Headline = comparison.Baseline is null
                ? $"{ReportText.Count(comparison.ChangedCount)} changed"
                : $"{ComparisonFormat.Value(comparison, comparison.Baseline)} → {ComparisonFormat.Value(comparison, comparison.Candidate)}",
            Sentence = ReportText.Visible(ComparisonFormat.Sentence(comparison)),
            Details = details,
            Verdict = comparison.Verdict switch
            {
                ComparisonVerdict.Improved => "better",
                ComparisonVerdict.Degraded => "worse",
                ComparisonVerdict.Unchanged => "the same",
                ComparisonVerdict.TooFewPairs => "too few pairs",
                _ => "may be chance",
            },
            Mood = comparison.Verdict switch { ComparisonVerdict.Improved => "good", ComparisonVerdict.Degraded => "bad", _ => string.Empty },
            Plot = PlotOf(comparison),
        };
    }

    private static ReportPlot? PlotOf(MetricComparison comparison)
    {
        if (comparison.Flips.Count > 0)
        {
            return ReportPlot.Counts([.. comparison.Flips.Select(flip => ($"{flip.From} → {flip.To}", flip.Count, (bool?)null))]);
        }

        double[] changes = [.. RunComparison.DifferencesOf(comparison)];
        return changes.Length == 0 ? null : ReportPlot.Differences(comparison, changes);
    }
}
