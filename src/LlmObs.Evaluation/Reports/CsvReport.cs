using System.Globalization;
using CsvHelper;
using LlmObs.Evaluation.Results;

namespace LlmObs.Evaluation.Reports;

/// <summary>
/// Writes a report as CSV: a line per row, a column per metric. In a comparison the baseline's output and values are
/// in columns that begin with <c>baseline.</c>
/// </summary>
public static class CsvReport
{
    private static readonly string[] Fixed =
    [
        "record_id", "run_iteration", "status", "error", "input", "expected_output", "output", "duration_seconds", "input_tokens", "output_tokens", "cost_usd",
    ];

    /// <summary>Writes the report. Rows are read and written one after the other.</summary>
    /// <param name="target">The stream for the UTF-8 output.</param>
    /// <param name="cancellation">Ends it between two rows.</param>
    /// <exception cref="ResultFileException">A line of a result file can't be read.</exception>
    /// <exception cref="IOException">A file can't be read or written.</exception>
    public static void Write(RunReport report, Stream target, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(report);
        using CsvWriter csv = CsvWriter.Create(target, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true);
        string[] labels = [.. report.Tally.Metrics.Select(metric => metric.Label)];
        string[] names = [.. labels.Select(NameOf)];
        csv.WriteRecord([.. Fixed, .. names, .. report.Baseline is null ? [] : names.Prepend("output").Select(name => $"baseline.{name}")]);
        foreach (ResultRow row in report.Run.Rows())
        {
            cancellation.ThrowIfCancellationRequested();
            ResultRow? before = report.Baseline?.Find(row);
            IEnumerable<string> baseline = report.Baseline is null ? [] : labels.Select(label => ValueOf(before, label)).Prepend(Text(before?.Output ?? default));
            csv.WriteRecord([.. Cells(row), .. labels.Select(label => ValueOf(row, label)), .. baseline]);
        }
    }

    // A metric may have the name of another column.
    private static string NameOf(string label) => Fixed.Contains(label, StringComparer.OrdinalIgnoreCase) ? $"metric.{label}" : label;

    private static IEnumerable<string> Cells(ResultRow row)
    {
        yield return row.RecordId;
        yield return FormattableString.Invariant($"{row.RunIteration}");
        yield return row.Status;
        yield return row.Error?.Message ?? string.Empty;
        yield return Text(row.Input);
        yield return Text(row.ExpectedOutput);
        yield return Text(row.Output);
        yield return row.DurationNs is long duration ? (duration / 1e9).ToString("0.#########", CultureInfo.InvariantCulture) : string.Empty;
        yield return row.InputTokenCount?.ToString(CultureInfo.InvariantCulture) ?? string.Empty;
        yield return row.OutputTokenCount?.ToString(CultureInfo.InvariantCulture) ?? string.Empty;
        yield return row.CostUsd?.ToString(CultureInfo.InvariantCulture) ?? string.Empty;
    }

    private static string ValueOf(ResultRow? row, string label) =>
        row?.Evaluations.FirstOrDefault(evaluation => evaluation.Label == label) is ResultEvaluation { Error: null } evaluation ? ReportText.Value(evaluation) : string.Empty;

    // Text without quotes, anything else as the JSON that it is.
    private static string Text(RawJson value) => value.IsMissing ? string.Empty : value.Utf8.Span[0] == '"' ? value.Read().GetString()! : value.ToString();
}
