using System.Globalization;
using System.Text;
using LlmObs.Evaluation.Reports;

namespace LlmObs.PowerShell.Summaries;

/// <summary>
/// Makes text plain in Markdown, also in the cell of a table: nothing in it is markup, HTML, a cell's or a line's end, nor a
/// command of a build agent, which reads a report that is printed.
/// </summary>
internal static class MarkdownText
{
    private const string Markup = "\\`*[]#|~$";

    public static string Escape(string text)
    {
        var plain = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            switch (c)
            {
                case '&':
                    plain.Append("&amp;");
                    break;
                case '<' when BeginsTag(text, i + 1):
                    plain.Append("&lt;");
                    break;
                case '_' when !IsInWord(text, i):
                    plain.Append("\\_");
                    break;
                case ':' when i > 0 && text[i - 1] == ':':
                    plain.Append("&#58;");
                    break;
                case var _ when char.IsControl(c) || c is '\u2028' or '\u2029':
                    plain.Append(' ');
                    break;
                case var _ when Markup.Contains(c, StringComparison.Ordinal):
                    plain.Append('\\').Append(c);
                    break;
                default:
                    plain.Append(c);
                    break;
            }
        }

        return plain.ToString().Trim();
    }

    // A condition such as <= 2 is text as it is, also for those who read the Markdown itself.
    private static bool BeginsTag(string text, int next) => next == text.Length || char.IsLetter(text[next]) || text[next] is '/' or '!' or '?';

    // answer_relevancy needs no backslash, and is easier to read without.
    private static bool IsInWord(string text, int i) =>
        i > 0 && i < text.Length - 1 && char.IsLetterOrDigit(text[i - 1]) && char.IsLetterOrDigit(text[i + 1]);
}

/// <summary>Writes a table and its checks in Markdown, with line feeds as line ends.</summary>
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

        report.Append('\n').Append(MarkdownText.Escape(table.Source)).Append('\n');
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

        foreach (string failure in gate.Failures)
        {
            report.Append(CultureInfo.InvariantCulture, $"- ❌ fail: {MarkdownText.Escape(failure)}\n");
        }

        foreach (string problem in gate.Problems)
        {
            report.Append(CultureInfo.InvariantCulture, $"- ❌ not checked: {MarkdownText.Escape(problem)}\n");
        }
    }

    private static void AppendRow(StringBuilder report, IEnumerable<string> cells) =>
        report.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
}

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
