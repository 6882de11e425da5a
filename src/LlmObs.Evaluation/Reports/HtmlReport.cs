using System.Buffers;
using System.Text;
using System.Text.Json;
using Fluid.Ast;
using LlmObs.Evaluation.Results;

namespace LlmObs.Evaluation.Reports;

/// <summary>
/// Writes a report as a self-contained page: it includes style, script and rows, and its policy runs only that script.
/// The template, the style sheet and the script are files beside this one.
/// </summary>
public static class HtmlReport
{
    private const string RowsMember = "rows";

    private static readonly string Js = PageTemplate.Resource("report.js");
    private static readonly PageTemplate Template = new("report.liquid", parser => parser.RegisterEmptyTag(RowsMember, async (writer, _, context) =>
    {
        await writer.FlushAsync().ConfigureAwait(false);
        ((Action)context.AmbientValues[RowsMember])();
        return Completion.Normal;
    }));

    /// <summary>Writes the page. Rows are read and written one after the other.</summary>
    /// <param name="target">The stream for the UTF-8 output.</param>
    /// <param name="overview">The address of the page that leads to this one; null if there is none.</param>
    /// <param name="cancellation">Ends it between two rows.</param>
    /// <returns>A task that ends with the page.</returns>
    /// <exception cref="ResultFileException">A line of a result file can't be read.</exception>
    /// <exception cref="IOException">A file can't be read or written.</exception>
    public static async Task WriteAsync(RunReport report, Stream target, string? overview = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(target);
        await Template.WriteAsync(ModelOf(report, overview), target, context => context.AmbientValues[RowsMember] = () => WriteRows(report, target, cancellation)).ConfigureAwait(false);
    }

    private static PageModel ModelOf(RunReport report, string? overview) => new()
    {
        Title = ReportText.Visible(report.Title),
        Name = ReportText.Visible(report.Name),
        BaselineName = report.BaselineName is null ? null : ReportText.Visible(report.BaselineName),
        Description = ReportText.Visible(report.Run.Header.Description),
        Facts = [.. report.Facts().Select(fact => new ReportFact(fact.Name, ReportText.Visible(fact.Value), fact.Baseline is null ? null : ReportText.Visible(fact.Baseline)))],
        Link = RunReport.LinkOf(report.Run),
        BaselineLink = report.Baseline is null ? null : RunReport.LinkOf(report.Baseline.Run),
        Config = ReportText.Visible(ReportText.Value(report.Run.Header.Config)),
        BaselineConfig = ReportText.Visible(report.Baseline is null ? null : ReportText.Value(report.Baseline.Run.Header.Config)),
        Notes = [.. report.Notes.Select(ReportText.Visible)],
        Cards = [.. ReportCard.Of(report)],
        Summaries = [.. report.Run.Summaries.SelectMany(summary => summary.Evaluations.Select(evaluation => new SummaryFact(
            ReportText.Visible(evaluation.Label) + (report.Run.Summaries.Count > 1 ? FormattableString.Invariant($", iteration {summary.RunIteration}") : string.Empty),
            ReportText.Visible(evaluation.Error is RowError error ? $"failed: {error.Message}" : ReportText.Value(evaluation)),
            ReportText.Visible(evaluation.Reasoning))))],
        Overview = overview,
        Js = Js,
        JsHash = PageTemplate.Hash(Js),
        Data = DataOf(report),
    };

    // The data that the script needs in addition to the rows.
    private static string DataOf(RunReport report)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer, ResultJson.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteString("name", report.Name);
            if (report.BaselineName is string baseline)
            {
                json.WriteString("baseline", baseline);
            }

            json.WriteStartArray("columns");
            Dictionary<string, MetricComparison> compared = report.Comparisons.ToDictionary(comparison => comparison.Label, StringComparer.Ordinal);
            foreach (MetricTally metric in report.Tally.Metrics)
            {
                json.WriteStartObject();
                json.WriteString("label", metric.Label);
                json.WriteString("type", metric.MetricType);
                json.WriteBoolean("lowerIsBetter", compared.GetValueOrDefault(metric.Label)?.LowerIsBetter ?? false);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(Harmless(buffer.WrittenSpan));
    }

    private static void WriteRows(RunReport report, Stream target, CancellationToken cancellation)
    {
        ArrayBufferWriter<byte> line = new(4096);
        using Utf8JsonWriter json = new(line, ResultJson.WriterOptions);
        ResultMembers members = new(json);
        foreach (ResultRow row in report.Run.Rows())
        {
            cancellation.ThrowIfCancellationRequested();
            line.ResetWrittenCount();
            json.Reset(line);
            json.WriteStartObject();
            members.Row(row);
            if (report.Baseline?.Find(row) is ResultRow before)
            {
                json.WriteStartObject("baseline");
                members.Row(before with { Input = default, ExpectedOutput = default, Metadata = default, Tags = [] });
                json.WriteEndObject();
            }

            json.WriteEndObject();
            json.Flush();
            target.Write(Harmless(line.WrittenSpan));
            target.WriteByte((byte)'\n');
        }
    }

    /// <summary>
    /// JSON in one line in which no tag can begin or end: outside of a string it has neither. A line end is a blank there, too.
    /// </summary>
    private static ReadOnlySpan<byte> Harmless(ReadOnlySpan<byte> json)
    {
        if (json.IndexOfAny("<\r\n"u8) < 0)
        {
            return json;
        }

        ArrayBufferWriter<byte> safe = new(json.Length + 64);
        while (json.IndexOfAny("<\r\n"u8) is int index and >= 0)
        {
            safe.Write(json[..index]);
            safe.Write(json[index] == '<' ? "\\u003c"u8 : " "u8);
            json = json[(index + 1)..];
        }

        safe.Write(json);
        return safe.WrittenSpan;
    }

    /// <summary>The values for the template, with names in snake_case.</summary>
    private sealed record PageModel
    {
        public required string Title { get; init; }

        public required string Name { get; init; }

        public required string? BaselineName { get; init; }

        public required string Description { get; init; }

        public required IReadOnlyList<ReportFact> Facts { get; init; }

        public required string? Link { get; init; }

        public required string? BaselineLink { get; init; }

        public required string Config { get; init; }

        public required string BaselineConfig { get; init; }

        public required IReadOnlyList<string> Notes { get; init; }

        public required IReadOnlyList<ReportCard> Cards { get; init; }

        public required IReadOnlyList<SummaryFact> Summaries { get; init; }

        /// <summary>The address of the page that leads here; null if there is none.</summary>
        public required string? Overview { get; init; }

        public required string Js { get; init; }

        public required string JsHash { get; init; }

        /// <summary>JSON in which no tag can begin.</summary>
        public required string Data { get; init; }
    }

    private sealed record SummaryFact(string Label, string Value, string Reasoning);
}
