using System.Globalization;
using System.Text;

namespace LlmObs.PowerShell.Summaries;

/// <summary>Writes a comparison in Markdown: the table, the ten worst changes, and the checks. Line feeds end its lines.</summary>
internal static class ComparisonMarkdown
{
    private const int MostChanges = 10;
    private const int LongestText = 120;

    public static string Write(string title, IReadOnlyList<MetricComparison> comparisons, ComparisonGate? gate)
    {
        StringBuilder report = new();
        report.Append("## ").Append(MarkdownText.Escape(title)).Append("\n\n");
        AppendRow(report, "Metric", "Baseline", "Candidate", "Delta", "Interval", "p", "Pairs", "Better", "Worse", "Verdict");
        report.Append("| --- | ---: | ---: | ---: | --- | ---: | ---: | ---: | ---: | --- |\n");
        foreach (MetricComparison one in comparisons)
        {
            AppendRow(
                report,
                MarkdownText.Escape(one.Label),
                ComparisonFormat.Value(one, one.Baseline),
                ComparisonFormat.Value(one, one.Candidate),
                ComparisonFormat.Signed(one, one.Delta),
                ComparisonFormat.Interval(one),
                MarkdownText.Escape(ComparisonFormat.Probability(one.AdjustedPValue)),
                Count(one.PairCount),
                Count(one.ImprovedCount),
                Count(one.RegressedCount),
                Mark(one.Verdict) + one.Verdict + (one.OnlyIn is string side ? $" (only in the {side})" : string.Empty));
        }

        AppendChanges(report, comparisons);
        if (gate is not null)
        {
            AppendChecks(report, gate);
        }

        return report.ToString();
    }

    private static void AppendChanges(StringBuilder report, IReadOnlyList<MetricComparison> comparisons)
    {
        (MetricComparison Comparison, ValueChange Change)[] worst =
            [.. comparisons.Where(comparison => comparison.RegressedCount > 0 && !IsFigure(comparison.Label))
                .SelectMany(comparison => comparison.Changes.Take(Math.Min(MostChanges, comparison.RegressedCount)).Select(change => (comparison, change)))
                .OrderBy(pair => Relative(pair.comparison, pair.change)).Take(MostChanges)];
        if (worst.Length == 0)
        {
            return;
        }

        report.Append("\n### Worst changes\n\n");
        AppendRow(report, "Metric", "Baseline", "Candidate", "Input", "Output before", "Output now");
        report.Append("| --- | ---: | ---: | --- | --- | --- |\n");
        foreach ((MetricComparison comparison, ValueChange change) in worst)
        {
            AppendRow(
                report,
                MarkdownText.Escape(comparison.Label),
                ComparisonFormat.Value(comparison, change.Baseline as double?),
                ComparisonFormat.Value(comparison, change.Candidate as double?),
                Shorten(change.Input),
                Shorten(change.BaselineOutput),
                Shorten(change.CandidateOutput));
        }
    }

    // Duration and cost change for every record, so a single record's change means nothing.
    private static bool IsFigure(string label) => label is "duration" or "input_tokens" or "output_tokens" or "cost_usd";

    // Metrics have units of their own: what counts is how far a change is beyond the metric's spread.
    private static double Relative(MetricComparison comparison, ValueChange change)
    {
        double spread = comparison.EffectSize is double size && size != 0 ? Math.Abs(comparison.Delta!.Value / size) : 1;
        return -Math.Abs(change.Delta ?? 0) / (spread == 0 ? 1 : spread);
    }

    private static void AppendChecks(StringBuilder report, ComparisonGate gate)
    {
        report.Append('\n');
        foreach (Check check in gate.Checks.Where(check => check.Holds))
        {
            report.Append(CultureInfo.InvariantCulture, $"- ✅ pass: {MarkdownText.Escape(check.Row)}, {check.Metric} {check.ValueText}, wanted `{check.Condition.Text}`\n");
        }

        foreach (string reason in gate.Broken)
        {
            report.Append(CultureInfo.InvariantCulture, $"- ❌ fail: {MarkdownText.Escape(reason)}\n");
        }

        foreach (string problem in gate.Problems)
        {
            report.Append(CultureInfo.InvariantCulture, $"- ❌ not checked: {MarkdownText.Escape(problem)}\n");
        }
    }

    private static string Mark(ComparisonVerdict verdict) => verdict switch
    {
        ComparisonVerdict.Improved => "✅ ",
        ComparisonVerdict.Degraded => "❌ ",
        ComparisonVerdict.TooFewPairs => "⚠️ ",
        _ => string.Empty,
    };

    private static string Shorten(object? value)
    {
        string text = value is string plain ? plain : Encoding.UTF8.GetString(ResultRows.Json(value).Utf8.Span);
        if (text.Length > LongestText)
        {
            int end = char.IsHighSurrogate(text[LongestText - 1]) ? LongestText - 1 : LongestText;
            text = text[..end] + "…";
        }

        return MarkdownText.Escape(text);
    }

    private static string Count(int count) => count.ToString(CultureInfo.InvariantCulture);

    private static void AppendRow(StringBuilder report, params ReadOnlySpan<string> cells) =>
        report.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
}
