using System.Globalization;
using System.Text;
using LlmObs.Evaluation.Reports;

namespace LlmObs.PowerShell.Reports;

/// <summary>Writes what came of a run in Markdown: a line a metric. Line feeds end its lines.</summary>
internal static class RunMarkdown
{
    public static string Write(RunReport run)
    {
        StringBuilder report = new();
        report.Append("## ").Append(MarkdownText.Escape(run.Title)).Append("\n\n");
        report.Append("| Metric | Mean or rate | Values | Passed | Failed | Errors | Missing |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n");
        foreach (MetricSummary metric in run.Metrics)
        {
            int[] counts = [metric.Count, metric.PassedCount, metric.FailedCount, metric.ErrorCount, metric.MissingCount];
            report.Append("| ").AppendJoin(
                " | ",
                counts.Select(count => count.ToString(CultureInfo.InvariantCulture))
                    .Prepend(ComparisonFormat.Figure(metric.MetricType, metric.Mean ?? metric.Rate)).Prepend(MarkdownText.Escape(metric.Label))).Append(" |\n");
        }

        report.Append(CultureInfo.InvariantCulture, $"\n{run.RowCount:N0} rows, {run.FailedCount:N0} failed.\n");
        foreach (string note in run.Notes)
        {
            report.Append("\n> ").Append(MarkdownText.Escape(note)).Append('\n');
        }

        return report.ToString();
    }
}
