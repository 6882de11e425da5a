using System.Globalization;
using System.Text;
using System.Xml;
using LlmObs.Evaluation.Evaluators;
using LlmObs.Evaluation.Results;

namespace LlmObs.Evaluation.Reports;

/// <summary>
/// Writes a report as JUnit's XML, which Azure Pipelines and GitHub's actions show among the tests: a suite for the task and one a
/// metric, a case a row. A failed assessment, or a value that is worse than the baseline's, is a failure.
/// </summary>
public static class JUnitReport
{
    private const string TaskSuite = "task";
    private const int LongestInput = 80; // characters of a case's name

    /// <summary>Writes it. The rows are read once to count, and once more for each suite.</summary>
    /// <param name="target">The stream for the UTF-8 output.</param>
    /// <param name="cancellation">Ends it between two rows.</param>
    /// <exception cref="ResultFileException">A line of a result file can't be read.</exception>
    /// <exception cref="IOException">A file can't be read or written.</exception>
    public static void Write(RunReport report, Stream target, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(report);
        HashSet<string> names = new(StringComparer.Ordinal);
        Suite[] suites = [.. report.Tally.Metrics.Select(metric => metric.Label).Prepend(null).Select(label => new Suite(NameOf(label, names), label))];
        foreach (ResultRow row in report.Run.Rows())
        {
            cancellation.ThrowIfCancellationRequested();
            ResultRow? before = report.Baseline?.Find(row);
            foreach (Suite suite in suites)
            {
                suite.Count(CaseOf(report, suite, row, before), row);
            }
        }

        using XmlWriter xml = XmlWriter.Create(
            target, new() { Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), Indent = true, NewLineChars = "\n", CheckCharacters = true });
        xml.WriteStartElement("testsuites");
        xml.WriteAttributeString("name", Clean(report.Title));
        Counts(xml, suites.Sum(suite => suite.Tests), suites.Sum(suite => suite.Failures), suites.Sum(suite => suite.Errors), suites.Sum(suite => suite.Skipped));
        xml.WriteAttributeString("time", Seconds(suites[0].Nanoseconds));
        foreach (Suite suite in suites)
        {
            Write(xml, report, suite, cancellation);
        }

        xml.WriteEndElement();
    }

    private static void Write(XmlWriter xml, RunReport report, Suite suite, CancellationToken cancellation)
    {
        xml.WriteStartElement("testsuite");
        xml.WriteAttributeString("name", Clean(suite.Name));
        Counts(xml, suite.Tests, suite.Failures, suite.Errors, suite.Skipped);
        xml.WriteAttributeString("time", Seconds(suite.Nanoseconds));
        if (report.Run.Header.StartedAt is DateTimeOffset start)
        {
            xml.WriteAttributeString("timestamp", start.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture));
        }

        foreach (ResultRow row in report.Run.Rows())
        {
            cancellation.ThrowIfCancellationRequested();
            ResultRow? before = report.Baseline?.Find(row);
            Case one = CaseOf(report, suite, row, before);
            xml.WriteStartElement("testcase");
            xml.WriteAttributeString("classname", Clean(suite.Name));
            xml.WriteAttributeString("name", Clean(NameOf(row, report.Run.Header.RunCount)));
            xml.WriteAttributeString("time", Seconds(suite.Label is null ? row.DurationNs ?? 0 : 0));
            if (one.Kind != CaseKind.Passed)
            {
                xml.WriteStartElement(one.Kind switch { CaseKind.Failed => "failure", CaseKind.Error => "error", _ => "skipped" });
                xml.WriteAttributeString("message", Clean(one.Message));
                if (one.Kind != CaseKind.Skipped)
                {
                    xml.WriteAttributeString("type", Clean(one.Type));
                    xml.WriteString(Clean(Content(row, before, one.Detail)));
                }

                xml.WriteEndElement();
            }

            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static Case CaseOf(RunReport report, Suite suite, ResultRow row, ResultRow? before)
    {
        if (suite.Label is null)
        {
            return row.IsFailed
                ? new(CaseKind.Error, row.Error?.Message ?? "The task failed.", row.Error?.Type ?? "Error", row.Error?.Stack)
                : Case.Pass;
        }

        ResultEvaluation? now = row.Evaluations.FirstOrDefault(evaluation => evaluation.Label == suite.Label);
        if (now is null)
        {
            return new(CaseKind.Skipped, row.IsFailed ? "The task failed." : "The row has no value of this metric.", string.Empty, null);
        }

        if (now.Error is RowError error)
        {
            // The stack of an included evaluator has no line of the user's.
            return error.Type == typeof(EvaluatorException).FullName
                ? new(CaseKind.Error, error.Message, nameof(EvaluatorException), null)
                : new(CaseKind.Error, error.Message, error.Type ?? "Error", error.Stack);
        }

        string value = ReportText.Value(now);
        if (now.Assessment == MetricAssessment.Fail)
        {
            return new(CaseKind.Failed, $"{suite.Name}: {value}, assessed as fail", "fail", now.Reasoning);
        }

        ResultEvaluation? then = before?.Evaluations.FirstOrDefault(evaluation => evaluation.Label == suite.Label);
        bool lowerIsBetter = report.Comparisons.FirstOrDefault(comparison => comparison.Label == suite.Label)?.LowerIsBetter ?? false;
        return then is not null && Number(now) - Number(then) is double delta && delta != 0 && delta > 0 == lowerIsBetter
            ? new(CaseKind.Failed, $"{suite.Name}: {value}, and {ReportText.Value(then)} before", "worse", now.Reasoning)
            : Case.Pass;
    }

    private static double? Number(ResultEvaluation evaluation) =>
        evaluation.Score ?? (evaluation.Boolean is bool flag ? (flag ? 1 : 0)
            : !evaluation.Value.IsMissing ? null
            : evaluation.Assessment switch { MetricAssessment.Pass => 1, MetricAssessment.Fail => 0, _ => null });

    private static string Content(ResultRow row, ResultRow? before, string? detail)
    {
        StringBuilder content = new();
        void Add(string name, string? text)
        {
            if (!string.IsNullOrEmpty(text))
            {
                content.Append(name).Append(":\n").Append(text.ReplaceLineEndings("\n")).Append("\n\n");
            }
        }

        Add("Why", detail);
        Add("Input", ReportText.Value(row.Input));
        Add("Expected", ReportText.Value(row.ExpectedOutput));
        Add("Output before", before is null ? null : ReportText.Value(before.Output));
        Add("Output", ReportText.Value(row.Output));
        return content.ToString();
    }

    // Readers identify suites by their names, and require one. A metric may have the label of the task's suite, or none.
    private static string NameOf(string? label, HashSet<string> taken)
    {
        string plain = Clean(label ?? TaskSuite);
        plain = plain.Length == 0 ? "metric" : plain;
        string name = plain;
        for (int number = 1; !taken.Add(name); number++)
        {
            name = number == 1 ? $"metric {plain}" : string.Create(CultureInfo.InvariantCulture, $"metric {plain} {number}");
        }

        return name;
    }

    // The input for people, who do not know ids by heart, and the id, which keeps the case's history apart from others'.
    private static string NameOf(ResultRow row, int runs)
    {
        string id = row.RecordId.Length > 0 ? row.RecordId : row.SpanId ?? FormattableString.Invariant($"row {row.Position}");
        id = runs > 1 || row.RunIteration > 1 ? FormattableString.Invariant($"{id}, iteration {row.RunIteration}") : id;
        string input = ReportText.Line(row.Input, LongestInput);
        return input.Length == 0 ? id : $"{input} ({id})";
    }

    // XML has no form for most control characters, nor for half of a surrogate pair.
    private static string Clean(string text)
    {
        string visible = ReportText.Visible(text);
        StringBuilder clean = new(visible.Length);
        for (int i = 0; i < visible.Length; i++)
        {
            if (i + 1 < visible.Length && char.IsSurrogatePair(visible[i], visible[i + 1]))
            {
                clean.Append(visible[i]).Append(visible[++i]);
            }
            else
            {
                clean.Append(XmlConvert.IsXmlChar(visible[i]) ? visible[i] : '\uFFFD');
            }
        }

        return clean.ToString();
    }

    private static void Counts(XmlWriter xml, int tests, int failures, int errors, int skipped)
    {
        foreach ((string name, int count) in new[] { ("tests", tests), ("failures", failures), ("errors", errors), ("skipped", skipped) })
        {
            xml.WriteAttributeString(name, XmlConvert.ToString(count));
        }
    }

    private static string Seconds(long nanoseconds) => (nanoseconds / 1e9).ToString("0.000", CultureInfo.InvariantCulture);

    private enum CaseKind
    {
        Passed,
        Failed,
        Error,
        Skipped,
    }

    private readonly record struct Case(CaseKind Kind, string Message, string Type, string? Detail)
    {
        public static Case Pass => new(CaseKind.Passed, string.Empty, string.Empty, null);
    }

    private sealed class Suite(string name, string? label)
    {
        public string Name => name;

        /// <summary>The metric; null for the suite of the task.</summary>
        public string? Label => label;

        public int Tests { get; private set; }

        public int Failures { get; private set; }

        public int Errors { get; private set; }

        public int Skipped { get; private set; }

        public long Nanoseconds { get; private set; }

        public void Count(Case one, ResultRow row)
        {
            Tests++;
            Failures += one.Kind == CaseKind.Failed ? 1 : 0;
            Errors += one.Kind == CaseKind.Error ? 1 : 0;
            Skipped += one.Kind == CaseKind.Skipped ? 1 : 0;
            Nanoseconds += label is null ? row.DurationNs ?? 0 : 0;
        }
    }
}
