using System.Globalization;
using System.Text;

namespace LlmObs.PowerShell.Reports;

/// <summary>Writes a table and what was checked of it in Markdown, with line feeds as line ends.</summary>
internal static class MarkdownReport
{
    public static string Write(string title, SummaryTable table, Gate? gate)
    {
        var report = new StringBuilder();
        report.Append("## ").Append(MarkdownText.Escape(title)).Append("\n\n");
        AppendRow(report, table.Groups.Concat(table.Measures).Select(MarkdownText.Escape));
        AppendRow(report, table.Groups.Select(_ => "---").Concat(table.Measures.Select(_ => "---:")));
        foreach (AggregateBucket row in table.Rows)
        {
            AppendRow(report, table.Groups.Select(group => MarkdownText.Escape(SummaryTable.GroupOf(row, group)))
                .Concat(table.Measures.Select(metric => MarkdownText.Escape(SummaryTable.Show(row, metric)))));
        }

        long events = table.Rows.Max(row => row.QueryHitCount);
        report.Append(CultureInfo.InvariantCulture, $"\nThe query matched {events:N0} {(events == 1 ? "event" : "events")}.\n");
        if (gate is not null)
        {
            AppendChecks(report, gate);
        }

        return report.ToString();
    }

    private static void AppendChecks(StringBuilder report, Gate gate)
    {
        report.Append('\n');
        foreach (Check check in gate.Checks)
        {
            string verdict = check.Holds ? "✅ pass" : "❌ fail";
            report.Append(CultureInfo.InvariantCulture, $"- {verdict}: {MarkdownText.Escape(check.Row)}, {MarkdownText.Escape(check.Metric)} {check.ValueText}, wanted `{check.Condition.Text}`\n");
        }

        foreach (string problem in gate.Problems)
        {
            report.Append(CultureInfo.InvariantCulture, $"- ❌ not checked: {MarkdownText.Escape(problem)}\n");
        }
    }

    private static void AppendRow(StringBuilder report, IEnumerable<string> cells) =>
        report.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
}
